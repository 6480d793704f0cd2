package dev.pawl.experiments.stage;

/** The two files of a token dataset. */
public record TokenFiles(FileIdentity bin, FileIdentity idx) {
  TokenFiles withoutPaths() {
    return new TokenFiles(bin.withoutPath(), idx.withoutPath());
  }

  /** Path without the ending. */
  public String prefix() {
    return bin.path().substring(0, bin.path().length() - ".bin".length());
  }
}
