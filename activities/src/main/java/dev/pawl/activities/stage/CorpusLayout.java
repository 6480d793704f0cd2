package dev.pawl.activities.stage;

import dev.pawl.experiments.stage.FileIdentity;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Where the artifact of a corpus keeps what. */
final class CorpusLayout {
  static final String SHARDS = "shards";
  static final String CHECKSUMS = "checksums.txt";

  private CorpusLayout() {}

  static Path shards(Path corpus) {
    return corpus.resolve(SHARDS);
  }

  static Path manifest(Path corpus) {
    return shards(corpus).resolve(CHECKSUMS);
  }

  /** The manifest of a user's shards, as long as it is the one that the plan knows. */
  static ShardManifest plannedManifest(FileIdentity shards) throws IOException {
    Path checksums = Path.of(shards.path()).resolve(CHECKSUMS);
    ShardManifest manifest = ShardManifest.read(checksums);
    if (!FileDigests.of(checksums, bytes -> {}).sha256().equals(shards.sha256())) {
      throw changed(checksums);
    }
    return manifest;
  }

  static PawlException changed(Path file) {
    return new PawlException(
        FailureCause.DATA,
        "%s has changed since the experiment was planned; run it again to plan anew"
            .formatted(file));
  }

  /** The held-out documents, when the corpus has some. */
  static Optional<Path> valid(Path corpus) {
    for (String extension : new String[] {".jsonl", ".txt"}) {
      Path file = corpus.resolve("valid" + extension);
      if (Files.exists(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** {@code .jsonl} for JSON lines, {@code .txt} for anything else; all files must agree. */
  static String extension(Iterable<String> names) {
    Set<String> extensions = new TreeSet<>();
    for (String name : names) {
      extensions.add(name.endsWith(".jsonl") ? ".jsonl" : ".txt");
    }
    if (extensions.size() != 1) {
      throw new PawlException(
          FailureCause.CONFIG,
          "the files %s are JSON lines and plain text at once; give one kind".formatted(names));
    }
    return extensions.iterator().next();
  }

  /** Refuses JSON lines that would run into the first line of the next file. */
  static void requireLastNewline(Path jsonl) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(jsonl.toFile(), "r")) {
      if (file.length() == 0) {
        return;
      }
      file.seek(file.length() - 1);
      if (file.read() != '\n') {
        throw new PawlException(
            FailureCause.DATA,
            "%s does not end with a newline, so its last document would join the next file's first; "
                    .formatted(jsonl)
                + "add the newline");
      }
    }
  }
}
