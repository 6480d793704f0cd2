package dev.pawl.model.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a joining has done, a line for each shard, forced before the next shard begins. A line of a
 * shard that has changed since, and all behind it, does not count.
 */
final class UnshardJournal implements AutoCloseable {
  private static final String HEADER = "pawl unshard 1";

  private final FileChannel channel;
  private final List<String> digests;
  private final Optional<FileDigest> whole;

  private UnshardJournal(FileChannel channel, List<String> digests, Optional<FileDigest> whole) {
    this.channel = channel;
    this.digests = digests;
    this.whole = whole;
  }

  /**
   * Opens the journal of an output, or begins one.
   *
   * @param written bytes of the output that are there; lines about more do not count
   */
  static UnshardJournal open(Path file, List<Shard> shards, long written) throws IOException {
    List<String> lines = completeLines(file);
    List<String> digests = new ArrayList<>();
    Optional<FileDigest> whole = Optional.empty();
    StringBuilder valid = new StringBuilder(HEADER).append('\n');
    if (!lines.isEmpty() && lines.get(0).equals(HEADER)) {
      long bytes = 0;
      for (String line : lines.subList(1, lines.size())) {
        int next = digests.size();
        String[] words = line.split(" ", -1);
        String sha256 = words[words.length - 1];
        if (next < shards.size()
            && bytes + shards.get(next).bytes() <= written
            && shards.get(next).sha256().map(sha256::equals).orElse(true)
            && line.equals(line(next, shards.get(next), sha256))) {
          digests.add(sha256);
          bytes += shards.get(next).bytes();
        } else if (next == shards.size() && line.equals(line(new FileDigest(bytes, sha256)))) {
          whole = Optional.of(new FileDigest(bytes, sha256));
        } else {
          break;
        }
        valid.append(line).append('\n');
      }
    }
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    UnshardJournal journal = new UnshardJournal(channel, List.copyOf(digests), whole);
    byte[] kept = valid.toString().getBytes(StandardCharsets.UTF_8);
    if (!Files.readString(file).equals(valid.toString())) {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(kept));
      channel.force(true);
    }
    channel.position(kept.length);
    return journal;
  }

  /** Digests of the shards that are done, in order. */
  List<String> digests() {
    return digests;
  }

  /** The digest of everything, once all of it was written and forced. */
  Optional<FileDigest> whole() {
    return whole;
  }

  /** Forgets all shards from one on: they did not survive. */
  void cut(int shard, List<Shard> shards) throws IOException {
    StringBuilder kept = new StringBuilder(HEADER).append('\n');
    for (int i = 0; i < shard; i++) {
      kept.append(line(i, shards.get(i), digests.get(i))).append('\n');
    }
    channel.truncate(0);
    append(kept.toString());
  }

  void shard(int number, Shard shard, String sha256) throws IOException {
    append(line(number, shard, sha256) + "\n");
  }

  void whole(FileDigest digest) throws IOException {
    append(line(digest) + "\n");
  }

  private void append(String text) throws IOException {
    channel.position(channel.size());
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  private static String line(int number, Shard shard, String sha256) {
    return "shard %d %s %d %d %s"
        .formatted(number, shard.name(), shard.bytes(), shard.modifiedMillis(), sha256);
  }

  private static String line(FileDigest whole) {
    return "whole %d %s".formatted(whole.bytes(), whole.sha256());
  }

  // A killed process may leave half a line at the end.
  private static List<String> completeLines(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
