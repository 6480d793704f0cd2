package dev.pawl.experiments.stage;

/** A file of the user: where it is, which does not decide any result, and what it holds. */
public record FileIdentity(String path, String sha256) {
  // The ending stays: it decides how a file is read.
  FileIdentity withoutPath() {
    return new FileIdentity(path.endsWith(".jsonl") ? ".jsonl" : "", sha256);
  }
}
