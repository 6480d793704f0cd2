package dev.pawl.model.weights;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file of any size (block-transformer.md 3.3): its header is read and checked when it
 * is opened, its data is mapped into memory in segments where it is asked for. Not thread-safe.
 */
public final class SafetensorsFile implements AutoCloseable {
  private static final long MAX_HEADER_BYTES = 100_000_000;
  private static final long SEGMENT_BYTES = 1L << 30;

  private final Path file;
  private final FileChannel channel;
  private final Map<String, SafetensorsEntry> entries;
  private final Map<Long, MappedByteBuffer> segments = new HashMap<>();

  private SafetensorsFile(Path file, FileChannel channel, Map<String, SafetensorsEntry> entries) {
    this.file = file;
    this.channel = channel;
    this.entries = entries;
  }

  /**
   * Opens a file.
   *
   * @throws PawlException DATA when there is none or its header cannot be right
   */
  public static SafetensorsFile open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new PawlException(FailureCause.DATA, "there is no file " + file);
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
      SafetensorsFile opened = new SafetensorsFile(file, channel, entries(file, channel));
      channel = null;
      return opened;
    } catch (IOException e) {
      throw new PawlException(FailureCause.DATA, "%s cannot be read: %s".formatted(file, e), e);
    } finally {
      closeQuietly(channel);
    }
  }

  private static Map<String, SafetensorsEntry> entries(Path file, FileChannel channel)
      throws IOException {
    long end = channel.size();
    if (end < 8) {
      throw SafetensorsHeader.damaged(file, "it has %d bytes".formatted(end));
    }
    long headerBytes = bytes(channel, 0, 8).getLong();
    if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES || headerBytes > end - 8) {
      throw SafetensorsHeader.damaged(
          file, "its header claims %d bytes, the file has %d".formatted(headerBytes, end));
    }
    byte[] text = bytes(channel, 8, (int) headerBytes).array();
    return SafetensorsHeader.parse(file, text, 8 + headerBytes, end);
  }

  private static ByteBuffer bytes(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new IOException("the file became shorter");
      }
    }
    return buffer.flip();
  }

  public Path path() {
    return file;
  }

  /** The tensors by name, in the order of the header. */
  public Map<String, SafetensorsEntry> entries() {
    return entries;
  }

  /**
   * The elements of a tensor; readable until this file is closed.
   *
   * @throws PawlException DATA when they are not floating-point numbers of 16 bits or more
   */
  public TensorData data(String name) {
    SafetensorsEntry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no tensor " + name + " in " + file);
    }
    NumberFormat format =
        entry
            .format()
            .orElseThrow(
                () ->
                    new PawlException(
                        FailureCause.DATA,
                        "tensor %s in %s has type %s; weights are read from F64, F32, F16 and BF16"
                            .formatted(name, file, entry.type())));
    return new Stored(entry, format);
  }

  private final class Stored implements TensorData {
    private final SafetensorsEntry entry;
    private final NumberFormat format;

    Stored(SafetensorsEntry entry, NumberFormat format) {
      this.entry = entry;
      this.format = format;
    }

    @Override
    public NumberFormat format() {
      return format;
    }

    @Override
    public List<Long> shape() {
      return entry.shape();
    }

    @Override
    public void read(long first, ByteBuffer into) throws IOException {
      long at = entry.begin() + first * format.bytes();
      if (first < 0 || at + into.remaining() > entry.end()) {
        throw new IndexOutOfBoundsException(
            "%d bytes from element %d of %s".formatted(into.remaining(), first, entry));
      }
      while (into.hasRemaining()) {
        ByteBuffer segment = segment(at / SEGMENT_BYTES).duplicate();
        segment.position((int) (at % SEGMENT_BYTES));
        segment.limit(segment.position() + Math.min(segment.remaining(), into.remaining()));
        at += segment.remaining();
        into.put(segment);
      }
    }
  }

  private MappedByteBuffer segment(long index) throws IOException {
    MappedByteBuffer segment = segments.get(index);
    if (segment == null) {
      long start = index * SEGMENT_BYTES;
      long length = Math.min(SEGMENT_BYTES, channel.size() - start);
      segment = channel.map(FileChannel.MapMode.READ_ONLY, start, length);
      segments.put(index, segment);
    }
    return segment;
  }

  @Override
  public void close() {
    // The mappings themselves go when nothing refers to them any more.
    segments.clear();
    closeQuietly(channel);
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      System.getLogger(SafetensorsFile.class.getName())
          .log(System.Logger.Level.WARNING, "a file that was only read does not close", e);
    }
  }
}
