package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Random access to a token dataset (megatron.md 1.1, 1.4). Opening it checks the whole index
 * against itself and against the size of the token file. Thread-safe for reading.
 */
public final class IndexedDataset implements DocumentSource, AutoCloseable {
  private static final long SEGMENT_BYTES = 1L << 30;

  private final Path prefix;
  private final TokenType type;
  private final int[] lengths;
  private final long[] starts;
  private final ByteBuffer[] segments;

  private IndexedDataset(
      Path prefix, TokenType type, int[] lengths, long[] starts, ByteBuffer[] segments) {
    this.prefix = prefix;
    this.type = type;
    this.lengths = lengths;
    this.starts = starts;
    this.segments = segments;
  }

  /**
   * Opens {@code <prefix>.bin} and {@code <prefix>.idx}.
   *
   * @throws PawlException DATA that names file, place and what is wrong
   */
  public static IndexedDataset open(Path prefix) throws IOException {
    Path index = prefix.resolveSibling(prefix.getFileName() + ".idx");
    Path bin = prefix.resolveSibling(prefix.getFileName() + ".bin");
    for (Path file : new Path[] {index, bin}) {
      if (!Files.isRegularFile(file)) {
        throw damaged(file, "is missing");
      }
    }
    try (FileChannel channel = FileChannel.open(index, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < IndexedDatasetWriter.HEADER_BYTES) {
        throw damaged(index, "ends after %d bytes, inside its header of 34".formatted(size));
      }
      ByteBuffer header = map(channel, 0, IndexedDatasetWriter.HEADER_BYTES);
      byte[] magic = new byte[9];
      header.get(magic);
      if (!Arrays.equals(magic, IndexedDatasetWriter.MAGIC)) {
        String text = new String(magic, java.nio.charset.StandardCharsets.ISO_8859_1);
        throw damaged(
            index,
            text.startsWith("TNTIDX")
                ? "is of the legacy kind TNTIDX; make it again with the mmap implementation"
                : "does not begin with MMIDIDX");
      }
      long version = header.getLong();
      if (version != 1) {
        throw damaged(index, "has version %d at byte 9, 1 is known".formatted(version));
      }
      int code = header.get();
      TokenType type =
          Arrays.stream(TokenType.values())
              .filter(known -> known.code == code)
              .findFirst()
              .orElseThrow(
                  () ->
                      damaged(
                          index,
                          "has dtype code %d at byte 17; 1-5 and 8 are token types"
                              .formatted(code)));
      long sequences = header.getLong();
      long documents = header.getLong();
      if (sequences < 0 || documents < 1 || size != 34 + 12 * sequences + 8 * documents) {
        throw damaged(
            index,
            "has %d bytes, but %d sequences and %d document entries take %d"
                .formatted(size, sequences, documents, 34 + 12 * sequences + 8 * documents));
      }
      int[] lengths = new int[Math.toIntExact(sequences)];
      long[] starts = new long[lengths.length + 1];
      readSequences(channel, index, type, lengths, starts);
      checkDocuments(channel, index, sequences, documents);
      long binBytes = Files.size(bin);
      long expected = starts[lengths.length] * type.bytes;
      if (binBytes != expected) {
        throw damaged(bin, "has %d bytes, its index accounts for %d".formatted(binBytes, expected));
      }
      return new IndexedDataset(prefix, type, lengths, starts, mapTokens(bin, binBytes));
    }
  }

  private static void readSequences(
      FileChannel channel, Path index, TokenType type, int[] lengths, long[] starts)
      throws IOException {
    long n = lengths.length;
    for (int i = 0; i < n; ) {
      int count = (int) Math.min(n - i, 1 << 20);
      ByteBuffer sizes = map(channel, 34 + 4L * i, 4L * count);
      ByteBuffer pointers = map(channel, 34 + 4 * n + 8L * i, 8L * count);
      for (int k = 0; k < count; k++, i++) {
        lengths[i] = sizes.getInt();
        long pointer = pointers.getLong();
        if (lengths[i] < 0) {
          throw damaged(index, "gives sequence %d the length %d".formatted(i, lengths[i]));
        }
        if (pointer != starts[i] * type.bytes) {
          throw damaged(
              index,
              "points sequence %d at byte %d, the lengths before it add up to %d"
                  .formatted(i, pointer, starts[i] * type.bytes));
        }
        starts[i + 1] = starts[i] + lengths[i];
      }
    }
  }

  private static void checkDocuments(
      FileChannel channel, Path index, long sequences, long documents) throws IOException {
    long at = 34 + 12 * sequences;
    long before = 0;
    for (long i = 0; i < documents; ) {
      int count = (int) Math.min(documents - i, 1 << 20);
      ByteBuffer entries = map(channel, at + 8 * i, 8L * count);
      for (int k = 0; k < count; k++, i++) {
        long entry = entries.getLong();
        boolean wrong = i == 0 ? entry != 0 : entry < before;
        wrong |= i == documents - 1 && entry != sequences;
        if (wrong) {
          throw damaged(
              index,
              "has document entry %d = %d; entries rise from 0 to %d"
                  .formatted(i, entry, sequences));
        }
        before = entry;
      }
    }
  }

  private static ByteBuffer[] mapTokens(Path bin, long bytes) throws IOException {
    ByteBuffer[] segments = new ByteBuffer[(int) ((bytes + SEGMENT_BYTES - 1) / SEGMENT_BYTES)];
    try (FileChannel channel = FileChannel.open(bin, StandardOpenOption.READ)) {
      for (int i = 0; i < segments.length; i++) {
        long at = i * SEGMENT_BYTES;
        segments[i] = map(channel, at, Math.min(SEGMENT_BYTES, bytes - at));
      }
    }
    return segments;
  }

  private static ByteBuffer map(FileChannel channel, long at, long bytes) throws IOException {
    return channel.map(FileChannel.MapMode.READ_ONLY, at, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static PawlException damaged(Path file, String how) {
    return new PawlException(FailureCause.DATA, file + " " + how + "; tokenize the text again");
  }

  /** Number of sequences. */
  @Override
  public int sequences() {
    return lengths.length;
  }

  /** Number of tokens in all sequences. */
  @Override
  public long tokens() {
    return starts[lengths.length];
  }

  /** Tokens of a sequence. */
  @Override
  public int length(int sequence) {
    return lengths[sequence];
  }

  /** Tokens before a sequence. */
  public long start(int sequence) {
    return starts[sequence];
  }

  /** Reads part of a sequence. */
  @Override
  public void read(int sequence, int offset, int length, int[] destination, int at) {
    if (offset < 0 || length < 0 || offset + length > lengths[sequence]) {
      throw new IndexOutOfBoundsException(
          "tokens %d to %d of sequence %d of %s, which has %d"
              .formatted(offset, offset + length, sequence, prefix, lengths[sequence]));
    }
    long token = starts[sequence] + offset;
    if (type == TokenType.UINT16) {
      for (int done = 0; done < length; ) {
        long from = (token + done) * type.bytes;
        ByteBuffer segment = segments[(int) (from / SEGMENT_BYTES)];
        int start = (int) (from % SEGMENT_BYTES);
        int here = Math.min(length - done, (segment.capacity() - start) / type.bytes);
        WideRead.uint16(segment, start, here, destination, at + done);
        done += here;
      }
      return;
    }
    for (int i = 0; i < length; i++) {
      destination[at + i] = token(token + i);
    }
  }

  /** Highest token id of the dataset; -1 when it is empty. Reads all of it. */
  public int maxToken() {
    int highest = -1;
    for (long i = 0; i < tokens(); i++) {
      highest = Math.max(highest, token(i));
    }
    return highest;
  }

  // A segment holds a whole number of tokens: its size is a multiple of every element's.
  private int token(long index) {
    long at = index * type.bytes;
    ByteBuffer segment = segments[(int) (at / SEGMENT_BYTES)];
    int offset = (int) (at % SEGMENT_BYTES);
    return switch (type) {
      case UINT8 -> segment.get(offset) & 0xff;
      case INT8 -> segment.get(offset);
      case INT16 -> segment.getShort(offset);
      case UINT16 -> segment.getShort(offset) & 0xffff;
      case INT32 -> segment.getInt(offset);
      case INT64 -> Math.toIntExact(segment.getLong(offset));
    };
  }

  /** Mapped memory goes with the garbage collector; nothing else is held. */
  @Override
  public void close() {}
}
