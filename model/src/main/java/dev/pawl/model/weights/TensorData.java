package dev.pawl.model.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The elements of one tensor, wherever they are; read in pieces, so that size does not matter. */
public interface TensorData {
  /** Bytes that are read at a time. */
  int PIECE_BYTES = 16 << 20;

  /** The format of the elements. */
  NumberFormat format();

  /** The shape, rows first. */
  List<Long> shape();

  /**
   * Fills the rest of a little-endian buffer, a whole number of elements, with consecutive ones.
   *
   * @param first index of the first, row-major
   */
  void read(long first, ByteBuffer into) throws IOException;

  /** Number of elements. */
  default long size() {
    return shape().stream().reduce(1L, Math::multiplyExact);
  }

  /** The same elements in another format. */
  default TensorData as(NumberFormat wanted) {
    return format() == wanted ? this : new ConvertedData(this, wanted);
  }

  /** Hands all elements over, piece by piece, in order. */
  default void forEachPiece(PieceConsumer consumer) throws IOException {
    int width = format().bytes();
    long size = size();
    int most = (int) Math.max(1, Math.min(size, PIECE_BYTES / width));
    ByteBuffer piece = ByteBuffer.allocateDirect(most * width).order(ByteOrder.LITTLE_ENDIAN);
    for (long first = 0; first < size; first += most) {
      piece.clear().limit((int) Math.min(most, size - first) * width);
      read(first, piece);
      consumer.accept(first, piece.flip());
    }
  }

  /** Takes one piece; the buffer is used again afterwards. */
  @FunctionalInterface
  interface PieceConsumer {
    void accept(long first, ByteBuffer piece) throws IOException;
  }
}
