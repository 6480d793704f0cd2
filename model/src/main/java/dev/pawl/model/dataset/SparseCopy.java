package dev.pawl.model.dataset;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends files byte for byte; where a file holds a mebibyte of zeros the copy gets a hole. */
final class SparseCopy {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(CHUNK_BYTES).asReadOnlyBuffer();

  private SparseCopy() {}

  /** Appends a whole file at the channel's position and moves the position behind it. */
  static void append(Path from, FileChannel to, ByteProgress progress) throws IOException {
    long end = to.position() + Files.size(from);
    int block = blockBytes(from);
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES + block).alignedSlice(block);
    try (FileChannel in = open(from, chunk)) {
      while (true) {
        chunk.clear().limit(CHUNK_BYTES);
        int read = in.read(chunk);
        if (read < 0) {
          break;
        }
        chunk.flip();
        if (read == CHUNK_BYTES && chunk.mismatch(ZEROS.duplicate()) < 0) {
          to.position(to.position() + read);
        } else {
          while (chunk.hasRemaining()) {
            to.write(chunk);
          }
        }
        progress.advance(read);
        if (in.position() % block != 0) {
          // Only the end of a file is a part of a block; a direct read may not go on from there.
          break;
        }
      }
    }
    if (to.position() != end) {
      throw IndexFile.damaged(from, "changed while it was copied");
    }
    if (to.size() < end) {
      to.write(ByteBuffer.allocate(1), end - 1);
    }
  }

  // Past the page cache where the file system can: holes cost nothing to read there, and a corpus
  // that is read once does not push everything else out of memory.
  private static FileChannel open(Path from, ByteBuffer chunk) throws IOException {
    try {
      FileChannel direct =
          FileChannel.open(from, StandardOpenOption.READ, ExtendedOpenOption.DIRECT);
      try {
        chunk.clear().limit(CHUNK_BYTES);
        direct.read(chunk);
        return direct.position(0);
      } catch (IOException refused) {
        direct.close();
      }
    } catch (IOException | UnsupportedOperationException unsupported) {
      // A file system without direct reads: read as usual.
      return FileChannel.open(from, StandardOpenOption.READ);
    }
    return FileChannel.open(from, StandardOpenOption.READ);
  }

  private static int blockBytes(Path file) throws IOException {
    long block = Files.getFileStore(file).getBlockSize();
    boolean usable = block > 0 && block <= CHUNK_BYTES && Long.bitCount(block) == 1;
    return usable ? (int) block : 4096;
  }
}
