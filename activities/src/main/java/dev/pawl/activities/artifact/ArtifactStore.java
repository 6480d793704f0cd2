package dev.pawl.activities.artifact;

import dev.pawl.model.dataset.ByteProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Keeps the artifacts of stages by kind and key. Implementations are thread-safe. */
public interface ArtifactStore {
  /**
   * An empty folder for one attempt; what dead attempts of the same stage left is removed.
   *
   * @param attempt a name that no other attempt of the stage has
   */
  Path prepare(String kind, String key, String attempt) throws IOException;

  /** Lists, digests and flushes the files of a prepared folder and adds the manifest. */
  ArtifactManifest seal(
      Path prepared,
      String kind,
      String key,
      Producer producer,
      String resultJson,
      ByteProgress progress)
      throws IOException;

  /** Moves a sealed folder into its place, in one step, over whatever was there. */
  void publish(Path sealed, String kind, String key) throws IOException;

  /** Where the artifact is, or will be. */
  Path folder(String kind, String key);

  /** How the record names the place of the artifact. */
  String path(String kind, String key);

  /** The manifest in place, readable but not verified. */
  Optional<ArtifactManifest> find(String kind, String key);

  /**
   * Compares the artifact with its manifest: existence and sizes always, digests when {@code
   * everyByte}.
   *
   * @return what is wrong, in words; empty when nothing is
   */
  Optional<String> verify(
      String kind, String key, String digest, boolean everyByte, ByteProgress progress);

  /** Removes a prepared folder whose attempt failed; what is published stays. */
  void discard(Path prepared) throws IOException;

  /** Folder of a stage that outlives its attempts; made when absent. */
  Path work(String key) throws IOException;

  /** Removes the working folder of a stage, when there is one. */
  void discardWork(String key) throws IOException;
}
