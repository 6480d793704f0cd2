package dev.pawl.model.dataset.megatron;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An array file in mapped memory, so that its length costs no heap. Elements are numbered in C
 * order. Mapped memory goes with the garbage collector.
 */
final class NpyArray {
  private static final int SEGMENT_SHIFT = 30;
  private static final long SEGMENT_BYTES = 1L << SEGMENT_SHIFT;

  private final NpyHeader header;
  private final NpyType type;
  private final int shift;
  private final MappedByteBuffer[] segments;

  private NpyArray(NpyHeader header, MappedByteBuffer[] segments) {
    this.header = header;
    this.type = header.type();
    this.shift = Integer.numberOfTrailingZeros(type.bytes);
    this.segments = segments;
  }

  static NpyArray open(Path file) throws IOException {
    return map(file, FileChannel.MapMode.READ_ONLY, StandardOpenOption.READ);
  }

  static NpyArray change(Path file) throws IOException {
    return map(
        file, FileChannel.MapMode.READ_WRITE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static NpyArray map(Path file, FileChannel.MapMode mode, StandardOpenOption... options)
      throws IOException {
    NpyHeader header = NpyHeader.read(file);
    long bytes = header.elements() * header.type().bytes;
    MappedByteBuffer[] segments =
        new MappedByteBuffer[(int) ((bytes + SEGMENT_BYTES - 1) >>> SEGMENT_SHIFT)];
    try (FileChannel channel = FileChannel.open(file, options)) {
      for (int i = 0; i < segments.length; i++) {
        long at = i * SEGMENT_BYTES;
        segments[i] = channel.map(mode, NpyHeader.BYTES + at, Math.min(SEGMENT_BYTES, bytes - at));
        segments[i].order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    return new NpyArray(header, segments);
  }

  NpyHeader header() {
    return header;
  }

  long get(long index) {
    long at = index << shift;
    ByteBuffer segment = segments[(int) (at >>> SEGMENT_SHIFT)];
    int offset = (int) (at & (SEGMENT_BYTES - 1));
    return switch (type) {
      case UINT8 -> segment.get(offset) & 0xff;
      case INT32 -> segment.getInt(offset);
      case UINT32 -> segment.getInt(offset) & 0xffffffffL;
      case INT64 -> segment.getLong(offset);
    };
  }

  private void set(long index, long value) {
    long at = index << shift;
    ByteBuffer segment = segments[(int) (at >>> SEGMENT_SHIFT)];
    int offset = (int) (at & (SEGMENT_BYTES - 1));
    switch (type) {
      case UINT8 -> segment.put(offset, (byte) value);
      case INT32, UINT32 -> segment.putInt(offset, (int) value);
      case INT64 -> segment.putLong(offset, value);
    }
  }

  void swap(long i, long j) {
    long kept = get(i);
    set(i, get(j));
    set(j, kept);
  }

  void force() {
    for (MappedByteBuffer segment : segments) {
      segment.force();
    }
  }
}
