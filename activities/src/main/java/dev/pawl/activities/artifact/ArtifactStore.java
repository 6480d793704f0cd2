package dev.pawl.activities.artifact;

import dev.pawl.model.dataset.ByteProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Keeps the artifacts of stages by kind and key. Implementations are thread-safe. */
public interface ArtifactStore {
  /**
   * Removes what earlier attempts of a stage prepared and did not publish. One that lost its claim,
   * and does not know it yet, can publish nothing afterwards.
   *
   * @param guard throws when the claim is lost; asked before anything of a later attempt is removed
   */
  void retireOthers(String kind, String key, int attempt, Runnable guard) throws IOException;

  /** An empty folder for one attempt. */
  Path prepare(String kind, String key, Producer producer) throws IOException;

  /** Lists, digests and flushes the files of a prepared folder and adds the manifest. */
  ArtifactManifest seal(
      Path prepared,
      String kind,
      String key,
      Producer producer,
      String resultJson,
      ByteProgress progress)
      throws IOException;

  /**
   * Moves a sealed folder into its place, in one step, over whatever was there.
   *
   * @param guard throws when the claim is lost; asked before what is there is replaced
   */
  void publish(Path sealed, String kind, String key, Producer producer, Runnable guard)
      throws IOException;

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

  /**
   * Folder of an attempt, with what the attempt before it left there; the path that the attempt
   * before it knows leads nowhere afterwards.
   *
   * @param guard throws when the claim is lost; asked before anything of a later attempt is touched
   */
  Path work(String key, int attempt, Runnable guard) throws IOException;

  /** Removes the working folders of an attempt and of those before it. */
  void discardWork(String key, int attempt) throws IOException;

  /**
   * Removes what an attempt that lost its claim may have written since; nothing that is another's.
   *
   * @param done whether the stage was finished by another attempt
   */
  void forsakeWork(String key, int attempt, boolean done) throws IOException;
}
