package dev.pawl.activities.artifact;

import dev.pawl.activities.store.ObjectStore;
import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Artifacts that several hosts share through an object store. Each host's home holds what it made
 * and what it has fetched; what is published is in the store first, and counts when the record says
 * so. Thread-safe.
 */
public final class SharedArtifactStore implements ArtifactStore {
  private static final Logger LOG = LoggerFactory.getLogger(SharedArtifactStore.class);

  private final LocalArtifactStore local;
  private final ObjectStore objects;
  private final ArtifactTransfer transfer;

  /** Several stages of this process may need the same artifact: one fetches it. */
  private final Map<String, Object> fetching = new ConcurrentHashMap<>();

  public SharedArtifactStore(LocalArtifactStore local, ObjectStore objects) {
    this.local = local;
    this.objects = objects;
    this.transfer = new ArtifactTransfer(objects);
  }

  @Override
  public Optional<String> sharedPlace() {
    return Optional.of(objects.place());
  }

  @Override
  public void retireOthers(String kind, String key, int attempt, Runnable guard)
      throws IOException {
    local.retireOthers(kind, key, attempt, guard);
  }

  @Override
  public Path prepare(String kind, String key, Producer producer) throws IOException {
    return local.prepare(kind, key, producer);
  }

  @Override
  public ArtifactManifest seal(
      Path prepared,
      String kind,
      String key,
      Producer producer,
      String resultJson,
      ByteProgress progress)
      throws IOException {
    return local.seal(prepared, kind, key, producer, resultJson, progress);
  }

  @Override
  public void publish(
      Path sealed,
      String kind,
      String key,
      Producer producer,
      ByteProgress progress,
      Runnable guard)
      throws IOException {
    transfer.send(sealed, LocalArtifactStore.manifest(sealed), true, progress, guard);
    local.publish(sealed, kind, key, producer, progress, guard);
  }

  @Override
  public Path folder(String kind, String key) {
    return local.folder(kind, key);
  }

  @Override
  public String path(String kind, String key) {
    return local.path(kind, key);
  }

  @Override
  public Optional<ArtifactManifest> find(String kind, String key) {
    return local.find(kind, key);
  }

  @Override
  public List<ArtifactManifest> published(String kind, String key) throws IOException {
    List<ArtifactManifest> all = new ArrayList<>(local.published(kind, key));
    all.addAll(transfer.published(kind, key));
    return all;
  }

  @Override
  public Optional<String> verify(
      String kind, String key, String digest, boolean everyByte, ByteProgress progress) {
    Optional<String> here = local.verify(kind, key, digest, everyByte, progress);
    return here.isEmpty() ? here : asked(() -> transfer.problem(kind, key, digest));
  }

  @Override
  public Optional<String> fetch(
      String kind, String key, String digest, boolean everyByte, ByteProgress progress) {
    synchronized (fetching.computeIfAbsent(kind + "/" + key, name -> new Object())) {
      Optional<String> here = local.verify(kind, key, digest, everyByte, progress);
      return here.isEmpty()
          ? here
          : asked(() -> transfer.fetch(kind, key, digest, folder(kind, key), progress));
    }
  }

  @Override
  public boolean share(String kind, String key, String digest, boolean anew, ByteProgress progress)
      throws IOException {
    Optional<ArtifactManifest> here =
        local.find(kind, key).filter(manifest -> manifest.digest().equals(digest));
    return here.isPresent()
        && transfer.send(folder(kind, key), here.get(), anew, progress, () -> {});
  }

  @Override
  public Set<String> keys(String kind) throws IOException {
    Set<String> keys = new HashSet<>(local.keys(kind));
    keys.addAll(transfer.keys(kind));
    return keys;
  }

  /** What an object store answers; trouble with it is none of the artifact's. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  private <T> T asked(Question<T> question) {
    try {
      return question.ask();
    } catch (IOException trouble) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "artifact store %s: %s; it is asked again"
              .formatted(objects.place(), trouble.getMessage()),
          trouble);
    }
  }

  @Override
  public void discard(Path prepared) throws IOException {
    local.discard(prepared);
  }

  @Override
  public Path work(String key, int attempt, Runnable guard) throws IOException {
    return local.work(key, attempt, guard);
  }

  @Override
  public CheckpointCopies copies(
      Path folder, String key, int attempt, Runnable guard, CheckpointCopies.Watch watch) {
    return new SharedCheckpoints(objects, folder, key, attempt, guard, watch);
  }

  @Override
  public void discardWork(String key, int attempt) throws IOException {
    local.discardWork(key, attempt);
    discardCopies(key, 0, attempt);
  }

  @Override
  public void forsakeWork(String key, int attempt, boolean done) throws IOException {
    local.forsakeWork(key, attempt, done);
    if (done) {
      discardCopies(key, attempt, attempt);
    }
  }

  // The stage is done: what is left there costs room, and nothing else.
  private void discardCopies(String key, int first, int last) {
    try {
      CheckpointObjects.discard(objects, key, first, last);
      objects.deleteUnfinished(CheckpointObjects.under(key));
    } catch (IOException | RuntimeException left) {
      LOG.warn(
          "{}{} could not be removed: {}",
          objects.place(),
          CheckpointObjects.under(key),
          left.toString());
    }
  }

  @Override
  public void discardWork(String key) throws IOException {
    local.discardWork(key);
    ArtifactTransfer.delete(objects, CheckpointObjects.under(key));
    objects.deleteUnfinished(CheckpointObjects.under(key));
  }

  @Override
  public void remove(String kind, String key) throws IOException {
    transfer.remove(kind, key);
    local.remove(kind, key);
  }
}
