package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;

/** The unfinished output of one joining: reads back what is there, copies what is not. */
final class ShardJoin implements AutoCloseable {
  private final ShardSet set;
  private final Path draft;
  private final UnshardJournal journal;
  private final UnshardListener listener;
  private final FileChannel out;
  private final BackgroundForce force;
  private final FanOut fanOut = new FanOut(3);
  private MessageDigest whole = FileDigests.sha256();
  private long bytes;

  ShardJoin(ShardSet set, Path draft, UnshardJournal journal, UnshardListener listener)
      throws IOException {
    this.set = set;
    this.draft = draft;
    this.journal = journal;
    this.listener = listener;
    this.out =
        FileChannel.open(
            draft, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    this.force = new BackgroundForce(out);
  }

  /**
   * Reads back the shards that the journal names. One that is not what the journal says, and all
   * behind it, will be copied again.
   *
   * @return how many are good
   */
  int readBack() throws IOException {
    List<String> digests = journal.digests();
    for (int i = 0; i < digests.size(); i++) {
      Shard shard = set.shards().get(i);
      listener.reused(shard);
      MessageDigest own = FileDigests.sha256();
      MessageDigest before = copyOf(whole);
      fanOut.pump(out, bytes, shard.bytes(), List.of(into(own), into(whole)), listener);
      if (!FileDigests.hex(own).equals(digests.get(i))) {
        whole = before;
        listener.advance(-shard.bytes());
        journal.cut(i, set.shards());
        return i;
      }
      bytes += shard.bytes();
    }
    return digests.size();
  }

  /** Copies the shards from one on. */
  void copy(int first) throws IOException {
    out.truncate(bytes);
    out.position(bytes);
    for (int i = first; i < set.shards().size(); i++) {
      Shard shard = set.shards().get(i);
      listener.copying(shard);
      String sha256 = copy(shard);
      force.finish();
      journal.shard(i, shard, sha256);
    }
  }

  private String copy(Shard shard) throws IOException {
    MessageDigest own = FileDigests.sha256();
    long read;
    try (FileChannel in = FileChannel.open(shard.path(), StandardOpenOption.READ)) {
      // One byte more than expected would show a shard that has grown.
      read =
          fanOut.pump(
              in, 0, shard.bytes() + 1, List.of(into(own), into(whole), this::write), listener);
    }
    String found = FileDigests.hex(own);
    if (read != shard.bytes()) {
      throw new PawlException(
          FailureCause.DATA,
          "%s had %,d bytes and has %,d now: it is being written; run this again when it is whole"
              .formatted(shard.path(), shard.bytes(), read));
    }
    if (!shard.sha256().map(found::equals).orElse(true)) {
      throw new PawlException(
          FailureCause.DATA,
          "%s (%d bytes) has SHA-256 %s, its manifest says %s: fetch it again; the shards before it are kept"
              .formatted(shard.path(), read, found, shard.sha256().orElse("")));
    }
    bytes += read;
    return found;
  }

  /** Digest of everything, which is on the disk now. */
  FileDigest finish() throws IOException {
    if (out.size() != bytes) {
      throw new IOException("%s has %d bytes, %d were written".formatted(draft, out.size(), bytes));
    }
    out.force(true);
    return new FileDigest(bytes, FileDigests.hex(whole));
  }

  private void write(FanOut.Chunk chunk) throws IOException {
    ByteBuffer piece = chunk.direct();
    while (piece.hasRemaining()) {
      out.write(piece);
    }
    force.written(chunk.length());
  }

  private static FanOut.Consumer into(MessageDigest digest) {
    return chunk -> digest.update(chunk.bytes(), 0, chunk.length());
  }

  private static MessageDigest copyOf(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's SHA-256 can be cloned", e);
    }
  }

  @Override
  public void close() throws IOException {
    fanOut.close();
    force.close();
    out.close();
  }
}
