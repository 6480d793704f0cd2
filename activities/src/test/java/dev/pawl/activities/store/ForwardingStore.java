package dev.pawl.activities.store;

import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** A store that hands everything to another; tests override what they disturb. */
public class ForwardingStore implements ObjectStore {
  private final ObjectStore of;

  public ForwardingStore(ObjectStore of) {
    this.of = of;
  }

  @Override
  public void put(String name, Path file, FileDigest digest, ByteProgress progress)
      throws IOException {
    of.put(name, file, digest, progress);
  }

  @Override
  public InputStream read(String name, long offset) throws IOException {
    return of.read(name, offset);
  }

  @Override
  public Optional<StoredObject> find(String name) throws IOException {
    return of.find(name);
  }

  @Override
  public List<StoredObject> list(String prefix) throws IOException {
    return of.list(prefix);
  }

  @Override
  public SortedSet<String> folders(String prefix) throws IOException {
    return of.folders(prefix);
  }

  @Override
  public void delete(String name) throws IOException {
    of.delete(name);
  }

  @Override
  public void deleteUnfinished(String prefix) throws IOException {
    of.deleteUnfinished(prefix);
  }

  @Override
  public String place() {
    return of.place();
  }
}
