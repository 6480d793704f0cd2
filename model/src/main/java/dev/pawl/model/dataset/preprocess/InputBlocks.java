package dev.pawl.model.dataset.preprocess;

import com.github.luben.zstd.ZstdInputStream;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts files into blocks at the ends of lines, or not at all, each file unpacked by its ending. A
 * line is never cut, however long. Not thread-safe.
 */
final class InputBlocks implements AutoCloseable {
  private final List<Path> files;
  private final boolean whole;
  private final int blockBytes;
  private int file;
  private long offset;
  private long earlierBytes;
  private @Nullable InputStream open;
  private @Nullable Counted counted;
  private byte[] rest = new byte[0];

  /**
   * Begins at a byte of the unpacked file {@code file}, which must be the start of a line, or the
   * end of a file.
   *
   * @param whole whether a file is one block
   */
  InputBlocks(List<Path> files, boolean whole, int blockBytes, int file, long offset)
      throws IOException {
    this.files = files;
    this.whole = whole;
    this.blockBytes = blockBytes;
    this.file = file;
    this.offset = offset;
    for (int i = 0; i < file; i++) {
      earlierBytes += Files.size(files.get(i));
    }
    if (offset > 0) {
      skip(offset);
    }
  }

  private void skip(long bytes) throws IOException {
    try {
      stream().skipNBytes(bytes);
    } catch (EOFException | ZipException e) {
      throw shorter(e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The next block; null behind the last one. */
  @Nullable InputBlock next() throws IOException {
    while (file < files.size()) {
      InputBlock block = nextOfFile();
      if (block != null) {
        return block;
      }
      close();
      earlierBytes += Files.size(files.get(file));
      file++;
      offset = 0;
    }
    return null;
  }

  private @Nullable InputBlock nextOfFile() throws IOException {
    byte[] bytes = Arrays.copyOf(rest, Math.max(blockBytes, rest.length));
    int length = rest.length;
    int searched = 0;
    while (true) {
      int read = read(bytes, length);
      length += read;
      int cut = length;
      if (length == bytes.length) {
        while (!whole && cut > searched && bytes[cut - 1] != '\n') {
          cut--;
        }
        if (whole || cut == searched) {
          searched = length;
          bytes = Arrays.copyOf(bytes, longer(bytes.length));
          continue;
        }
      }
      rest = Arrays.copyOfRange(bytes, cut, length);
      offset += cut;
      return cut == 0
          ? null
          : new InputBlock(
              file, ByteBuffer.wrap(bytes, 0, cut), offset, earlierBytes + counted().count);
    }
  }

  private int longer(int length) {
    if (length >= Integer.MAX_VALUE - 8) {
      throw new PawlException(
          FailureCause.DATA,
          whole
              ? "%s holds 2 GiB or more in one document; give it as JSON lines of several documents"
                  .formatted(files.get(file))
              : "%s has a line of 2 GiB or more behind byte %d; break the record up"
                  .formatted(files.get(file), offset));
    }
    return (int) Math.min(Integer.MAX_VALUE - 8, 2L * length);
  }

  private int read(byte[] bytes, int from) throws IOException {
    try {
      return stream().readNBytes(bytes, from, bytes.length - from);
    } catch (EOFException | ZipException e) {
      throw shorter(e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private PawlException shorter(IOException e) {
    return new PawlException(
        FailureCause.DATA,
        "%s is damaged or ends too early behind byte %d of its text: %s; bring the file again"
            .formatted(files.get(file), offset, e.getMessage()),
        e);
  }

  private PawlException unreadable(IOException e) {
    boolean packed = open instanceof ZstdInputStream;
    return packed
        ? shorter(e)
        : new PawlException(
            FailureCause.INFRASTRUCTURE,
            "%s cannot be read: %s".formatted(files.get(file), e.getMessage()),
            e);
  }

  private InputStream stream() throws IOException {
    InputStream now = open;
    if (now == null) {
      Path path = files.get(file);
      Counted raw = new Counted(Files.newInputStream(path));
      counted = raw;
      String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
      if (name.endsWith(".gz")) {
        now = Files.size(path) == 0 ? raw : new GZIPInputStream(raw, 1 << 16);
      } else {
        now = name.endsWith(".zst") ? new ZstdInputStream(raw) : raw;
      }
      open = now;
    }
    return now;
  }

  private Counted counted() {
    Counted now = counted;
    if (now == null) {
      throw new IllegalStateException("no file is open");
    }
    return now;
  }

  @Override
  public void close() throws IOException {
    InputStream now = open;
    open = null;
    rest = new byte[0];
    if (now != null) {
      now.close();
    }
  }

  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int n = super.read(bytes, from, length);
      count += Math.max(0, n);
      return n;
    }

    @Override
    public long skip(long bytes) throws IOException {
      long n = super.skip(bytes);
      count += n;
      return n;
    }
  }
}
