package dev.pawl.activities.store;

import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Objects as files of a folder that several hosts see, such as one on NFS: written under another
 * name, forced, moved. Links within the folder are not followed.
 */
public final class FolderObjectStore implements ObjectStore {
  private static final int BUFFER_BYTES = 1 << 20;

  /** A folder may be removed, being empty, between its making and its use. */
  private static final int TRIES = 5;

  private final Path root;

  /** One in a folder that exists. */
  public FolderObjectStore(Path folder) throws IOException {
    this.root = folder.toRealPath();
  }

  @Override
  public String place() {
    return root.toString();
  }

  @Override
  public void put(String name, Path file, FileDigest digest, ByteProgress progress)
      throws IOException {
    Path target = path(name);
    Path temporary = target.resolveSibling(ObjectNames.UNFINISHED + UUID.randomUUID());
    try (FileChannel out = create(temporary)) {
      requireSame(file, digest, copy(file, out, progress));
      out.force(true);
    } catch (IOException | RuntimeException failed) {
      Files.deleteIfExists(temporary);
      throw failed;
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    flush(target.getParent());
  }

  private FileChannel create(Path temporary) throws IOException {
    for (int attempt = 1; true; attempt++) {
      try {
        Files.createDirectories(temporary.getParent());
        requireOwn(temporary.getParent());
        return FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } catch (NoSuchFileException removed) {
        if (attempt == TRIES) {
          throw removed;
        }
      }
    }
  }

  private static FileDigest copy(Path file, FileChannel out, ByteProgress progress)
      throws IOException {
    MessageDigest digest = FileDigests.sha256();
    long bytes = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        ByteBuffer piece = ByteBuffer.wrap(buffer, 0, n);
        while (piece.hasRemaining()) {
          out.write(piece);
        }
        bytes += n;
        progress.advance(n);
      }
    }
    return new FileDigest(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  /** Throws when what was read of a file is not what it must hold. */
  static void requireSame(Path file, FileDigest wanted, FileDigest read)
      throws DamagedObjectException {
    if (!wanted.equals(read)) {
      throw new DamagedObjectException(
          "%s has %d bytes of sha256 %s now, recorded are %d of %s"
              .formatted(file, read.bytes(), read.sha256(), wanted.bytes(), wanted.sha256()));
    }
  }

  @Override
  public InputStream read(String name, long offset) throws IOException {
    Path file = path(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(file.toString());
    }
    requireOwn(file);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    return Channels.newInputStream(channel.position(offset));
  }

  @Override
  public Optional<StoredObject> find(String name) throws IOException {
    Path file = path(name);
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile()
          ? Optional.of(new StoredObject(name, attributes.size(), Optional.empty()))
          : Optional.empty();
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  @Override
  public List<StoredObject> list(String prefix) throws IOException {
    List<StoredObject> found = new ArrayList<>();
    walk(
        prefix,
        (file, bytes) -> {
          String name = root.relativize(file).toString();
          if (ObjectNames.isSafe(name)) {
            found.add(new StoredObject(name, bytes, Optional.empty()));
          }
        });
    return found;
  }

  @Override
  public SortedSet<String> folders(String prefix) throws IOException {
    SortedSet<String> found = new TreeSet<>();
    try (Stream<Path> children = Files.list(folder(prefix))) {
      children
          .filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
          .map(child -> child.getFileName().toString())
          .filter(ObjectNames::isSafePart)
          .forEach(found::add);
    } catch (NoSuchFileException absent) {
      return found;
    }
    return found;
  }

  @Override
  public void delete(String name) throws IOException {
    Path file = path(name);
    if (Files.exists(file.getParent())) {
      requireOwn(file.getParent());
    }
    Files.deleteIfExists(file);
    removeEmpty(file.getParent());
  }

  @Override
  public void deleteUnfinished(String prefix) throws IOException {
    List<Path> unfinished = new ArrayList<>();
    walk(
        prefix,
        (file, bytes) -> {
          if (file.getFileName().toString().startsWith(ObjectNames.UNFINISHED)) {
            unfinished.add(file);
          }
        });
    for (Path file : unfinished) {
      Files.deleteIfExists(file);
      removeEmpty(file.getParent());
    }
  }

  private void removeEmpty(Path from) throws IOException {
    Path folder = from;
    while (!folder.equals(root) && folder.startsWith(root)) {
      try {
        Files.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException used) {
        return;
      }
      folder = folder.getParent();
    }
  }

  private Path path(String name) {
    return ObjectNames.within(root, name, "the artifact store");
  }

  private Path folder(String prefix) {
    if (!prefix.endsWith("/")) {
      throw new IllegalArgumentException("%s does not end with a slash".formatted(prefix));
    }
    return path(prefix.substring(0, prefix.length() - 1));
  }

  /** Throws when a link leads elsewhere. */
  private static void requireOwn(Path path) throws IOException {
    if (!path.toRealPath().equals(path)) {
      throw new DamagedObjectException(
          "%s is, or lies behind, a link: the artifact store follows none".formatted(path));
    }
  }

  @FunctionalInterface
  private interface Seen {
    void file(Path file, long bytes);
  }

  private void walk(String prefix, Seen seen) throws IOException {
    Files.walkFileTree(
        folder(prefix),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              seen.file(file, attributes.size());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException problem)
              throws IOException {
            if (problem instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw problem;
          }
        });
  }

  private static void flush(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
