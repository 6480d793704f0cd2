package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The index of a token dataset (megatron.md 1.1): 34 bytes of header, 32-bit lengths, 64-bit byte
 * offsets, 64-bit document entries, all read where they lie. Thread-safe.
 */
final class IndexFile {
  static final byte[] MAGIC = {'M', 'M', 'I', 'D', 'I', 'D', 'X', 0, 0};
  static final int HEADER_BYTES = 34;

  private final Path path;
  private final MappedFile file;
  private final TokenType type;
  private final long sequences;
  private final long documentEntries;

  private IndexFile(
      Path path, MappedFile file, TokenType type, long sequences, long documentEntries) {
    this.path = path;
    this.file = file;
    this.type = type;
    this.sequences = sequences;
    this.documentEntries = documentEntries;
  }

  /**
   * Opens an index whose header is known and whose size is what the header says.
   *
   * @throws PawlException DATA that names the file, the byte and what is wrong there
   */
  static IndexFile open(Path path) throws IOException {
    requireFile(path);
    MappedFile file = MappedFile.open(path);
    byte[] magic = new byte[(int) Math.min(MAGIC.length, file.bytes())];
    for (int i = 0; i < magic.length; i++) {
      magic[i] = file.get(i);
    }
    if (new String(magic, StandardCharsets.ISO_8859_1).startsWith("TNTIDX\0\0")) {
      throw damaged(
          path, "is of the legacy kind TNTIDX; make it again with the mmap implementation");
    }
    if (file.bytes() < HEADER_BYTES) {
      throw damaged(path, "ends after %d bytes, inside its header of 34".formatted(file.bytes()));
    }
    if (!Arrays.equals(magic, MAGIC)) {
      throw damaged(path, "does not begin with MMIDIDX");
    }
    long version = file.getLong(9);
    if (version != 1) {
      throw damaged(path, "has version %d at byte 9, 1 is known".formatted(version));
    }
    int code = file.get(17);
    TokenType type =
        TokenType.ofCode(code)
            .orElseThrow(
                () ->
                    damaged(
                        path,
                        "has dtype code %d at byte 17; 1-5 and 8 are token types".formatted(code)));
    long sequences = file.getLong(18);
    long documents = file.getLong(26);
    // The first two tests keep absurd numbers from overflowing the third.
    boolean plausible =
        sequences >= 0 && documents >= 1 && sequences <= file.bytes() && documents <= file.bytes();
    long expected = plausible ? HEADER_BYTES + 12 * sequences + 8 * documents : -1;
    if (plausible && file.bytes() == expected + sequences && sequences > 0) {
      throw damaged(
          path, "has a mode for each sequence: multimodal datasets are not text, they are refused");
    }
    if (file.bytes() != expected) {
      throw damaged(
          path,
          "has %d bytes, but %d sequences and %d document entries take %s"
              .formatted(
                  file.bytes(), sequences, documents, plausible ? expected : "another size"));
    }
    return new IndexFile(path, file, type, sequences, documents);
  }

  static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new PawlException(
          FailureCause.DATA, file + " is missing; a dataset is a .bin and an .idx of one name");
    }
  }

  static PawlException damaged(Path file, String how) {
    return new PawlException(
        FailureCause.DATA, file + " " + how + "; fetch the file or tokenize the text again");
  }

  TokenType type() {
    return type;
  }

  long sequences() {
    return sequences;
  }

  /** Documents + 1. */
  long documentEntries() {
    return documentEntries;
  }

  long bytes() {
    return file.bytes();
  }

  int length(long sequence) {
    return file.getInt(HEADER_BYTES + 4 * sequence);
  }

  /** Byte at which a sequence starts in the token file. */
  long pointer(long sequence) {
    return file.getLong(HEADER_BYTES + 4 * sequences + 8 * sequence);
  }

  /** The sequences of the documents before. */
  long document(long entry) {
    return file.getLong(HEADER_BYTES + 12 * sequences + 8 * entry);
  }

  /** Size of the token file by the last sequence; right when {@link #problems} finds nothing. */
  long binBytes() {
    return sequences == 0 ? 0 : pointer(sequences - 1) + (long) length(sequences - 1) * type.bytes;
  }

  /** Documents with at least one sequence. */
  long nonEmptyDocuments() {
    long found = 0;
    long before = document(0);
    for (long k = 1; k < documentEntries; k++) {
      long entry = document(k);
      found += entry > before ? 1 : 0;
      before = entry;
    }
    return found;
  }

  /**
   * Reads the whole index against itself.
   *
   * @param most how many problems to look for
   * @return what is wrong, in words that follow the file's name; empty when nothing is
   */
  List<String> problems(int most) {
    List<String> problems = new ArrayList<>();
    long expected = 0;
    for (long i = 0; i < sequences && problems.size() < most; i++) {
      int length = length(i);
      long pointer = pointer(i);
      if (length < 0) {
        problems.add("gives sequence %d the length %d".formatted(i, length));
      }
      if (pointer != expected) {
        problems.add(
            "points sequence %d at byte %d, the lengths before it add up to %d"
                .formatted(i, pointer, expected));
        // One wrong entry is one problem, not one for each entry behind it.
        expected = pointer;
      }
      expected += Math.max(0L, length) * type.bytes;
    }
    long before = 0;
    for (long k = 0; k < documentEntries && problems.size() < most; k++) {
      long entry = document(k);
      boolean wrong = k == 0 ? entry != 0 : entry < before;
      wrong |= k == documentEntries - 1 && entry != sequences;
      if (wrong || entry > sequences) {
        problems.add(
            "has document entry %d = %d; entries rise from 0 to %d".formatted(k, entry, sequences));
      }
      before = entry;
    }
    return problems;
  }

  /** Throws the first problem of the index. */
  void requireSound() {
    for (String problem : problems(1)) {
      throw damaged(path, problem);
    }
  }

  /** How a token file of a size departs from this index; empty when it does not. */
  List<String> sizeProblem(long bytes) {
    long expected = binBytes();
    if (bytes == expected) {
      return List.of();
    }
    String difference = "has %d bytes, its index accounts for %d".formatted(bytes, expected);
    return List.of(
        eodLengthDefect(bytes)
            ? difference
                + ": one token more for each document, as the defective append-EOD preprocessor"
                + " writes them (EOD_LENGTH_DEFECT); 'pawl data repair' mends the index"
            : difference);
  }

  /** Whether the token file holds exactly one token more for each document (megatron.md 2.5). */
  boolean eodLengthDefect(long bytes) {
    long documents = nonEmptyDocuments();
    return documents > 0 && bytes - binBytes() == documents * type.bytes;
  }
}
