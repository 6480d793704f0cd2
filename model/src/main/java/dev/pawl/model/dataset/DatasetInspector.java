package dev.pawl.model.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Describes a token dataset and says all that is wrong with it (megatron.md 1.8). */
public final class DatasetInspector {
  /** A damaged file has many problems; the first ones say what happened. */
  private static final int MOST_PROBLEMS = 20;

  private static final int CHUNK_BYTES = 1 << 20;

  private final Path bin;
  private final IndexFile index;
  private final List<String> problems = new ArrayList<>();

  private DatasetInspector(Path bin, IndexFile index) {
    this.bin = bin;
    this.index = index;
  }

  /**
   * Reads the index, and with {@code everyByte} the token file too: digests and the highest id.
   *
   * @param vocabularySize ids from it on are problems
   * @throws dev.pawl.model.failure.PawlException DATA when a file is missing or its header cannot
   *     be read; anything else is a problem of the report
   */
  public static DatasetReport inspect(
      Path prefix, boolean everyByte, OptionalInt vocabularySize, ByteProgress progress)
      throws IOException {
    Path indexPath = IndexedDataset.file(prefix, ".idx");
    Path bin = IndexedDataset.file(prefix, ".bin");
    IndexFile index = IndexFile.open(indexPath);
    IndexFile.requireFile(bin);
    DatasetInspector inspector = new DatasetInspector(bin, index);
    index
        .problems(MOST_PROBLEMS)
        .forEach(problem -> inspector.problems.add(indexPath + " " + problem));
    boolean sound = inspector.problems.isEmpty();
    long binBytes = Files.size(bin);
    DatasetStatus status = sound ? DatasetStatus.SOUND : DatasetStatus.DAMAGED;
    if (sound) {
      for (String problem : index.sizeProblem(binBytes)) {
        inspector.problems.add(bin + " " + problem);
        status =
            index.eodLengthDefect(binBytes)
                ? DatasetStatus.EOD_LENGTH_DEFECT
                : DatasetStatus.DAMAGED;
      }
      if (binBytes == 0 && index.binBytes() == 0) {
        inspector.problems.add(bin + " holds no token; look at how it was made");
        status = DatasetStatus.EMPTY;
      }
    }
    Optional<String> binDigest = Optional.empty();
    Optional<String> indexDigest = Optional.empty();
    OptionalInt maxToken = OptionalInt.empty();
    if (everyByte) {
      indexDigest = Optional.of(FileDigests.of(indexPath, progress).sha256());
      MessageDigest digest = FileDigests.sha256();
      int before = inspector.problems.size();
      maxToken = inspector.scan(digest, vocabularySize, progress);
      binDigest = Optional.of(FileDigests.hex(digest));
      if (inspector.problems.size() > before && status == DatasetStatus.SOUND) {
        status = DatasetStatus.DAMAGED;
      }
    }
    return new DatasetReport(
        prefix.toString(),
        status,
        index.type().id(),
        index.documentEntries() - 1,
        sound ? index.documentEntries() - 1 - index.nonEmptyDocuments() : 0,
        index.sequences(),
        sound ? index.binBytes() / index.type().bytes : 0,
        binBytes,
        index.bytes(),
        LengthHistogram.of(index),
        maxToken,
        binDigest,
        indexDigest,
        List.copyOf(inspector.problems));
  }

  /** One pass over the token file for its digest, its highest id and ids out of the vocabulary. */
  private OptionalInt scan(MessageDigest digest, OptionalInt vocabularySize, ByteProgress progress)
      throws IOException {
    TokenType type = index.type();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long token = 0;
    long outside = 0;
    String first = "";
    int highest = Integer.MIN_VALUE;
    try (FileChannel channel = FileChannel.open(bin, StandardOpenOption.READ)) {
      for (int read = channel.read(chunk); read >= 0; read = channel.read(chunk)) {
        if (chunk.position() < CHUNK_BYTES && channel.position() < channel.size()) {
          continue;
        }
        int bytes = chunk.position();
        digest.update(chunk.array(), 0, bytes);
        for (int at = 0; at + type.bytes <= bytes; at += type.bytes, token++) {
          long id = type == TokenType.INT64 ? chunk.getLong(at) : type.get(chunk, at);
          highest = (int) Math.max(highest, Math.min(Integer.MAX_VALUE, id));
          if (id < 0 || (vocabularySize.isPresent() && id >= vocabularySize.getAsInt())) {
            first = outside++ > 0 ? first : "token %d is %d".formatted(token, id);
          }
        }
        progress.advance(bytes);
        chunk.clear();
      }
    }
    if (outside > 0) {
      String vocabulary =
          vocabularySize.isPresent()
              ? "the vocabulary of " + vocabularySize.getAsInt()
              : "any vocabulary";
      problems.add(
          "%s holds %d token ids outside %s, the first: %s; use the tokenizer it was made with"
              .formatted(bin, outside, vocabulary, first));
    }
    return token == 0 ? OptionalInt.empty() : OptionalInt.of(highest);
  }
}
