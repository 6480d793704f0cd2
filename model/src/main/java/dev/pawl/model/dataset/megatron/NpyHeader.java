package dev.pawl.model.dataset.megatron;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a {@code .npy} file, version 1.0, of one or two dimensions in C order, byte for byte
 * as NumPy writes it (megatron.md 3.6).
 *
 * @param type of the elements
 * @param rows first dimension
 * @param columns second dimension; 1 is a file of one dimension
 */
record NpyHeader(NpyType type, long rows, int columns) {
  /** Where the data begins: such short heads are padded to it. */
  static final int BYTES = 128;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int PREFIX = 10;
  private static final Pattern DICTIONARY =
      Pattern.compile(
          "\\{'descr': '([^']+)', 'fortran_order': False, 'shape': \\((\\d+),(?: (\\d+))?\\), \\}");

  byte[] bytes() {
    String shape = columns == 1 ? "(%d,)".formatted(rows) : "(%d, %d)".formatted(rows, columns);
    String text =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type.descr, shape);
    byte[] head = new byte[BYTES];
    Arrays.fill(head, (byte) ' ');
    System.arraycopy(MAGIC, 0, head, 0, MAGIC.length);
    head[MAGIC.length] = BYTES - PREFIX;
    head[MAGIC.length + 1] = 0;
    byte[] dictionary = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(dictionary, 0, head, PREFIX, dictionary.length);
    head[BYTES - 1] = '\n';
    return head;
  }

  long elements() {
    return rows * columns;
  }

  /** Reads and checks the head of a file, and that its length is what the head says. */
  static NpyHeader read(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(BYTES);
    }
    boolean known =
        head.length == BYTES
            && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
            && head[MAGIC.length] == BYTES - PREFIX
            && head[MAGIC.length + 1] == 0;
    Matcher matcher =
        DICTIONARY.matcher(
            known
                ? new String(head, PREFIX, BYTES - PREFIX, StandardCharsets.US_ASCII).strip()
                : "");
    if (!matcher.matches()) {
      throw damaged(file, "does not begin as an array of one or two dimensions in C order");
    }
    String descr = matcher.group(1);
    NpyType type =
        Arrays.stream(NpyType.values())
            .filter(value -> value.descr.equals(descr))
            .findFirst()
            .orElseThrow(() -> damaged(file, "has elements of type " + descr));
    int columns = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
    NpyHeader header = new NpyHeader(type, Long.parseLong(matcher.group(2)), columns);
    long expected = BYTES + header.elements() * type.bytes;
    if (Files.size(file) != expected) {
      throw damaged(
          file, "has %d bytes, its head accounts for %d".formatted(Files.size(file), expected));
    }
    return header;
  }

  private static PawlException damaged(Path file, String how) {
    return new PawlException(
        FailureCause.DATA, "%s %s; remove it to build it anew".formatted(file, how));
  }
}
