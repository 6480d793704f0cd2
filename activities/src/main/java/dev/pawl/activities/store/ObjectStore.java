package dev.pawl.activities.store;

import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Keeps objects by name, where several hosts find them. An object appears whole or not at all, and
 * a later one of the same name replaces it. Names are those of {@link ObjectNames}. Implementations
 * are thread-safe.
 *
 * <p>Trouble that may pass (network, disk) is an {@link IOException}; a wrong setting (no bucket,
 * no right) is a {@link dev.pawl.model.failure.PawlException} with the cause CONFIG.
 */
public interface ObjectStore {
  /**
   * Stores a file, unless its content is not what it must be. One that was interrupted goes on
   * where it stopped, where the store can.
   *
   * @param digest size and SHA-256 that the file must have
   * @param progress hears of bytes sent; may throw to stop
   * @throws DamagedObjectException when the file has changed; nothing is visible then
   */
  void put(String name, Path file, FileDigest digest, ByteProgress progress) throws IOException;

  /**
   * Reads an object from an offset on, which is at most its size. The caller closes the stream.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  InputStream read(String name, long offset) throws IOException;

  /** What there is under a name. */
  Optional<StoredObject> find(String name) throws IOException;

  /** All objects whose names begin with these parts; the last part ends with a slash. */
  List<StoredObject> list(String prefix) throws IOException;

  /** The parts that follow these in the names of objects that have more parts behind them. */
  SortedSet<String> folders(String prefix) throws IOException;

  /** Removes an object; absent is fine. */
  void delete(String name) throws IOException;

  /** Removes what was begun to be stored under these parts and never finished. */
  void deleteUnfinished(String prefix) throws IOException;

  /** Where it is, for people; without secrets. */
  String place();
}
