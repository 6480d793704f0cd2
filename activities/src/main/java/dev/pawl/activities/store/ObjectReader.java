package dev.pawl.activities.store;

import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings objects to files: into a file with another name first, which a later try goes on with, and
 * into its place when its digest is right.
 */
public final class ObjectReader {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectReader.class);
  private static final String PART = ".part";
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int TRIES = 4;

  /** A manifest is text; what is larger is none. */
  private static final int MOST_TEXT_BYTES = 64 << 20;

  private final ObjectStore objects;

  public ObjectReader(ObjectStore objects) {
    this.objects = objects;
  }

  /**
   * Brings an object to a file that does not exist.
   *
   * @param expected size and SHA-256 that it must have
   * @throws DamagedObjectException when it has not, twice
   * @throws NoSuchFileException when there is none
   */
  public void fetch(String name, FileDigest expected, Path target, ByteProgress progress)
      throws IOException {
    Path part = target.resolveSibling(target.getFileName() + PART);
    boolean damaged = false;
    for (int attempt = 1; true; attempt++) {
      try {
        String sha256 = append(name, expected.bytes(), part, progress);
        if (sha256.equals(expected.sha256())) {
          place(part, target);
          return;
        }
        Files.deleteIfExists(part);
        if (damaged) {
          throw new DamagedObjectException(
              "%s of %s does not have its recorded %d bytes of sha256 %s"
                  .formatted(name, objects.place(), expected.bytes(), expected.sha256()));
        }
        // Once: it may have been harmed on the way, or been half of an earlier one.
        damaged = true;
      } catch (NoSuchFileException | DamagedObjectException certain) {
        throw certain;
      } catch (IOException trouble) {
        if (attempt == TRIES) {
          throw trouble;
        }
        LOG.warn("{}: reading broke off, going on: {}", name, trouble.toString());
      }
    }
  }

  /** Reads on from where the file ends; the digest of all of it. */
  private String append(String name, long bytes, Path part, ByteProgress progress)
      throws IOException {
    MessageDigest digest = FileDigests.sha256();
    long have = Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS) ? Files.size(part) : 0;
    if (have > bytes) {
      Files.delete(part);
      have = 0;
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    if (have > 0) {
      try (InputStream before = Files.newInputStream(part, LinkOption.NOFOLLOW_LINKS)) {
        for (int n = before.read(buffer); n >= 0; n = before.read(buffer)) {
          digest.update(buffer, 0, n);
          progress.advance(n);
        }
      }
    }
    try (OutputStream out =
        Files.newOutputStream(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND,
            LinkOption.NOFOLLOW_LINKS)) {
      if (have < bytes || bytes == 0) {
        copy(name, have, bytes, out, digest, buffer, progress);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void copy(
      String name,
      long from,
      long bytes,
      OutputStream out,
      MessageDigest digest,
      byte[] buffer,
      ByteProgress progress)
      throws IOException {
    long left = bytes - from;
    try (InputStream in = objects.read(name, from)) {
      while (true) {
        int n = in.read(buffer);
        if (n < 0) {
          break;
        }
        if (n > left) {
          // Longer than it may be: no digest fits.
          digest.update(buffer, 0, n);
          return;
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
        left -= n;
        progress.advance(n);
      }
    }
    if (left > 0) {
      requireComplete(name, bytes);
    }
  }

  // Short because the connection ended, which a later try mends, or because the object is short.
  private void requireComplete(String name, long bytes) throws IOException {
    long there = objects.find(name).map(StoredObject::bytes).orElse(-1L);
    if (there >= bytes) {
      throw new IOException("%s of %s ended early".formatted(name, objects.place()));
    }
  }

  private static void place(Path part, Path target) throws IOException {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.READ)) {
      channel.force(true);
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Reads a small object, such as a manifest.
   *
   * @throws NoSuchFileException when there is none
   * @throws DamagedObjectException when it is too large for what it should be
   */
  public byte[] text(String name) throws IOException {
    try (InputStream in = objects.read(name, 0)) {
      byte[] content = in.readNBytes(MOST_TEXT_BYTES + 1);
      if (content.length > MOST_TEXT_BYTES) {
        throw new DamagedObjectException(
            "%s of %s is larger than any manifest".formatted(name, objects.place()));
      }
      return content;
    }
  }
}
