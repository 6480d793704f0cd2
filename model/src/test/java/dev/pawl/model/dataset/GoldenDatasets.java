package dev.pawl.model.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** The golden files A and B of megatron.md 1.7. */
final class GoldenDatasets {
  static final String A_BIN = "0b000c000d0050c4070050c4";
  static final String A_IDX =
      "4d4d494449445800000100000000000000080200000000000000040000000000000004000000020000000000000000"
          + "000000080000000000000000000000000000000100000000000000010000000000000002"
          + "00000000000000";
  static final String B_BIN = "010002000300";
  static final String B_IDX =
      "4d4d49444944580000010000000000000008020000000000000002000000000000000100000002000000"
          + "000000000000000002000000000000000000000000000000"
          + "0200000000000000";

  private GoldenDatasets() {}

  static void writeA(Path prefix) throws IOException {
    write(prefix, A_BIN, A_IDX);
  }

  static void writeB(Path prefix) throws IOException {
    write(prefix, B_BIN, B_IDX);
  }

  static void write(Path prefix, String bin, String index) throws IOException {
    Files.write(IndexedDataset.file(prefix, ".bin"), HexFormat.of().parseHex(bin));
    Files.write(IndexedDataset.file(prefix, ".idx"), HexFormat.of().parseHex(index));
  }

  static String hex(Path file) throws IOException {
    return HexFormat.of().formatHex(Files.readAllBytes(file));
  }
}
