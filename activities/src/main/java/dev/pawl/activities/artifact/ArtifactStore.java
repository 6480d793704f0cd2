package dev.pawl.activities.artifact;

import dev.pawl.model.dataset.ByteProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
   * Moves a sealed folder into its place, in one step, over whatever was there; where others look
   * elsewhere, it is there before.
   *
   * @param progress hears of bytes that are sent elsewhere; may throw to stop
   * @param guard throws when the claim is lost; asked before what is there is replaced
   */
  void publish(
      Path sealed,
      String kind,
      String key,
      Producer producer,
      ByteProgress progress,
      Runnable guard)
      throws IOException;

  /** Where the artifact is, or will be. */
  Path folder(String kind, String key);

  /** How the record names the place of the artifact. */
  String path(String kind, String key);

  /** The manifest in place, readable but not verified. */
  Optional<ArtifactManifest> find(String kind, String key);

  /** The manifests of all that was published, in place or elsewhere; readable but not verified. */
  List<ArtifactManifest> published(String kind, String key) throws IOException;

  /**
   * Compares the artifact with its manifest, where it is: existence and sizes always, digests when
   * {@code everyByte} and it is in place.
   *
   * @return what is wrong, in words; empty when nothing is
   */
  Optional<String> verify(
      String kind, String key, String digest, boolean everyByte, ByteProgress progress);

  /**
   * The same, and brings it to its place from elsewhere where it is not there or not right.
   *
   * @return what is wrong, in words; empty when it is in place
   */
  Optional<String> fetch(
      String kind, String key, String digest, boolean everyByte, ByteProgress progress);

  /**
   * Gives others an artifact that is in place, where they look for it.
   *
   * @param anew also where they have it already
   * @return whether anything was sent
   */
  boolean share(String kind, String key, String digest, boolean anew, ByteProgress progress)
      throws IOException;

  /** Keys of a kind under which something was published, in place or elsewhere. */
  Set<String> keys(String kind) throws IOException;

  /** Where others look for artifacts, for people; empty where artifacts have one place only. */
  Optional<String> sharedPlace();

  /** Removes a published artifact; its stage must have been reopened before. */
  void remove(String kind, String key) throws IOException;

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

  /** Removes all work of a stage, whoever's it is; nobody may be at it. */
  void discardWork(String key) throws IOException;

  /**
   * Copies of an attempt's checkpoints for other hosts; the caller closes them.
   *
   * @param folder of the checkpoints, within that of {@link #work}
   * @param guard throws when the claim is lost; asked before anything becomes visible or goes
   */
  CheckpointCopies copies(
      Path folder, String key, int attempt, Runnable guard, CheckpointCopies.Watch watch);

  /**
   * Removes what an attempt that lost its claim may have written since; nothing that is another's.
   *
   * @param done whether the stage was finished by another attempt
   */
  void forsakeWork(String key, int attempt, boolean done) throws IOException;
}
