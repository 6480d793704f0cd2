package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A corpus whose digests are known without asking anybody (block-transformer.md 5.1, appendix A).
 *
 * @param name how commands name it
 * @param manifest digests of its files
 * @param sha256 digest of the joined token file
 */
public record PublishedCorpus(String name, ShardManifest manifest, String sha256) {
  private static final String PYTHIA_DEDUPED = "pythia-deduped";
  private static final String PYTHIA_DEDUPED_SHA256 =
      "0cd548efd15974d5cca78f9baddbd59220ca675535dcfc0c350087c79f504693";

  /** The published corpus of a name; empty when there is none. */
  public static Optional<PublishedCorpus> find(String name) {
    if (!name.equals(PYTHIA_DEDUPED)) {
      return Optional.empty();
    }
    String resource = name + ".txt";
    try (InputStream in = PublishedCorpus.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + resource + " is not in this build");
      }
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return Optional.of(
          new PublishedCorpus(name, ShardManifest.parse(resource, lines), PYTHIA_DEDUPED_SHA256));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The manifest that a published name or a file gives; a file of the name goes first.
   *
   * @throws PawlException CONFIG when there is neither, DATA when the file is no manifest
   */
  public static ShardManifest manifest(String nameOrFile) throws IOException {
    Path file = Path.of(nameOrFile);
    if (Files.isRegularFile(file)) {
      return ShardManifest.read(file);
    }
    return find(nameOrFile)
        .map(PublishedCorpus::manifest)
        .orElseThrow(
            () ->
                new PawlException(
                    FailureCause.CONFIG,
                    "no manifest '%s': give a file of '<file name> <sha256>' lines, or %s"
                        .formatted(nameOrFile, PYTHIA_DEDUPED)));
  }
}
