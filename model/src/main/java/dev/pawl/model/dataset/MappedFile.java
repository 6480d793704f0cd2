package dev.pawl.model.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of any size in memory-mapped segments, read little-endian at 64-bit offsets, aligned or
 * not. Thread-safe. The mapping goes with the garbage collector.
 */
final class MappedFile {
  private static final int SEGMENT_SHIFT = 30;
  private static final long SEGMENT_MASK = (1L << SEGMENT_SHIFT) - 1;

  /** Segments reach into the next by the widest element: none is ever cut by a border. */
  private static final int OVERLAP_BYTES = 8;

  private final ByteBuffer[] segments;
  private final long bytes;

  private MappedFile(ByteBuffer[] segments, long bytes) {
    this.segments = segments;
    this.bytes = bytes;
  }

  static MappedFile open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long bytes = channel.size();
      ByteBuffer[] segments = new ByteBuffer[(int) ((bytes + SEGMENT_MASK) >>> SEGMENT_SHIFT)];
      for (int i = 0; i < segments.length; i++) {
        long at = (long) i << SEGMENT_SHIFT;
        long length = Math.min((1L << SEGMENT_SHIFT) + OVERLAP_BYTES, bytes - at);
        segments[i] =
            channel.map(FileChannel.MapMode.READ_ONLY, at, length).order(ByteOrder.LITTLE_ENDIAN);
      }
      return new MappedFile(segments, bytes);
    }
  }

  long bytes() {
    return bytes;
  }

  byte get(long at) {
    return segments[(int) (at >>> SEGMENT_SHIFT)].get((int) (at & SEGMENT_MASK));
  }

  int getInt(long at) {
    return segments[(int) (at >>> SEGMENT_SHIFT)].getInt((int) (at & SEGMENT_MASK));
  }

  long getLong(long at) {
    return segments[(int) (at >>> SEGMENT_SHIFT)].getLong((int) (at & SEGMENT_MASK));
  }

  int getToken(TokenType type, long at) {
    return type.get(segments[(int) (at >>> SEGMENT_SHIFT)], (int) (at & SEGMENT_MASK));
  }

  /** Copies elements that follow one another, a segment at a time. */
  void getTokens(TokenType type, long at, int count, TokenBuffer destination, int to) {
    int done = 0;
    while (done < count) {
      long from = at + (long) done * type.bytes;
      ByteBuffer segment = segments[(int) (from >>> SEGMENT_SHIFT)];
      int offset = (int) (from & SEGMENT_MASK);
      int here = Math.min(count - done, (segment.capacity() - offset) >> type.shift);
      destination.put(to + done, segment, type, offset, here);
      done += here;
    }
  }

  /** Reads elements that follow one another, a segment at a time. */
  void getTokens(TokenType type, long at, int count, int[] destination, int to) {
    int done = 0;
    while (done < count) {
      long from = at + (long) done * type.bytes;
      ByteBuffer segment = segments[(int) (from >>> SEGMENT_SHIFT)];
      int offset = (int) (from & SEGMENT_MASK);
      int here = Math.min(count - done, (segment.capacity() - offset) >> type.shift);
      if (type == TokenType.UINT16) {
        // The usual type has a loop of its own: choosing the type costs more than the read.
        for (int i = 0; i < here; i++) {
          destination[to + done + i] = segment.getShort(offset + 2 * i) & 0xffff;
        }
      } else {
        for (int i = 0; i < here; i++) {
          destination[to + done + i] = type.get(segment, offset + i * type.bytes);
        }
      }
      done += here;
    }
  }
}
