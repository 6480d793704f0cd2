package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Map;

/** Joins shards into one file in name order (block-transformer.md 5.3). */
public final class Unsharder {
  private static final int BUFFER_BYTES = 1 << 20;

  private Unsharder() {}

  /**
   * Copies each shard, hashing it and the whole in the same pass. The output appears under its name
   * only when all shards match the manifest.
   *
   * @throws PawlException DATA on a missing or wrong shard, INFRASTRUCTURE when the disk has no
   *     room
   */
  public static FileDigest unshard(
      Path folder, ShardManifest manifest, Path output, ByteProgress progress) throws IOException {
    requireRoom(folder, manifest, output);
    Path temporary = output.resolveSibling(output.getFileName() + ".tmp");
    MessageDigest whole = FileDigests.sha256();
    long bytes = 0;
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (Map.Entry<String, String> shard : manifest.digests().entrySet()) {
        bytes += append(folder.resolve(shard.getKey()), shard.getValue(), channel, whole, progress);
      }
      channel.force(true);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    Files.move(
        temporary, output, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new FileDigest(bytes, FileDigests.hex(whole));
  }

  private static long append(
      Path shard, String sha256, FileChannel channel, MessageDigest whole, ByteProgress progress)
      throws IOException {
    MessageDigest own = FileDigests.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = 0;
    try (InputStream in = Files.newInputStream(shard)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        own.update(buffer, 0, n);
        whole.update(buffer, 0, n);
        ByteBuffer piece = ByteBuffer.wrap(buffer, 0, n);
        while (piece.hasRemaining()) {
          channel.write(piece);
        }
        bytes += n;
        progress.advance(n);
      }
    }
    String found = FileDigests.hex(own);
    if (!found.equals(sha256)) {
      throw new PawlException(
          FailureCause.DATA,
          "%s (%d bytes) has SHA-256 %s, its manifest says %s: fetch it again"
              .formatted(shard, bytes, found, sha256));
    }
    return bytes;
  }

  private static void requireRoom(Path folder, ShardManifest manifest, Path output)
      throws IOException {
    long needed = 0;
    for (String name : manifest.digests().keySet()) {
      Path shard = folder.resolve(name);
      if (!Files.isRegularFile(shard)) {
        throw new PawlException(FailureCause.DATA, shard + " is missing: fetch it");
      }
      needed += Files.size(shard);
    }
    long free = Files.getFileStore(output.toAbsolutePath().getParent()).getUsableSpace();
    if (free < needed) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "%s needs %,d bytes, the disk has %,d left: free %,d bytes or choose another home"
              .formatted(output, needed, free, needed - free));
    }
  }
}
