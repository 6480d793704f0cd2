package dev.pawl.model.dataset.preprocess;

import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What is to be made of what.
 *
 * @param inputs plain files, {@code .gz} or {@code .zst}, in this order
 * @param format how documents stand in them
 * @param outputPrefix outputs are {@code <prefix>_<key>_document} or {@code
 *     <prefix>_<key>_sentence} for Megatron's lines, and the prefix itself otherwise
 * @param jsonKeys keys of texts, one dataset each; only one but for Megatron's lines
 * @param appendEndOfDocument whether each document that is not empty ends with the tokenizer's
 *     end-of-document token
 * @param sentences splits texts, one sequence a sentence; empty leaves them whole
 * @param type UINT16 or INT32; empty follows the writers' rule for the tokenizer (megatron.md 1.2)
 * @param workers threads that tokenize; the result does not depend on it
 * @param onBadRecord what a record that cannot be used leads to
 * @param overwrite whether existing outputs are replaced
 * @param partitionBytes unpacked bytes of input after which work is safe from a crash
 */
public record PreprocessRequest(
    List<Path> inputs,
    RecordFormat format,
    Path outputPrefix,
    List<String> jsonKeys,
    boolean appendEndOfDocument,
    Optional<SentenceSplitter> sentences,
    Optional<TokenType> type,
    int workers,
    OnBadRecord onBadRecord,
    boolean overwrite,
    long partitionBytes) {
  /** Default of {@code partitionBytes}. */
  public static final long PARTITION_BYTES = 64L << 20;

  public PreprocessRequest {
    inputs = List.copyOf(inputs);
    jsonKeys = List.copyOf(jsonKeys);
    outputPrefix = outputPrefix.toAbsolutePath().normalize();
    require(!inputs.isEmpty(), "no input file is named");
    require(!jsonKeys.isEmpty(), "no JSON key is named");
    require(
        new HashSet<>(jsonKeys).size() == jsonKeys.size(),
        "a JSON key is named twice: " + jsonKeys);
    boolean named = format == RecordFormat.MEGATRON_LINES;
    require(named || jsonKeys.size() == 1, "one JSON key is needed, not " + jsonKeys);
    require(
        type.isEmpty() || type.get() == TokenType.UINT16 || type.get() == TokenType.INT32,
        "ids are written as uint16 or int32, not " + type);
    for (String key : named ? jsonKeys : List.<String>of()) {
      require(
          !key.isEmpty() && key.indexOf('/') < 0 && key.indexOf('\0') < 0,
          "JSON key '%s' would not make a file name; rename it in the input".formatted(key));
    }
    require(workers >= 1, "workers is %d, at least 1 is needed".formatted(workers));
    require(partitionBytes >= 1, "a partition has at least one byte, not " + partitionBytes);
  }

  /** Prefix of the dataset of a key. */
  public Path output(String key) {
    if (format != RecordFormat.MEGATRON_LINES) {
      return outputPrefix;
    }
    String level = sentences.isPresent() ? "sentence" : "document";
    return outputPrefix.resolveSibling(outputPrefix.getFileName() + "_" + key + "_" + level);
  }

  /** Folder of the work in progress, and of the manifest that stays. */
  public Path workFolder() {
    return outputPrefix.resolveSibling(outputPrefix.getFileName() + ".preprocess");
  }

  /**
   * A request for one file of documents, whole texts without end-of-document tokens; what was there
   * is replaced.
   *
   * @param type UINT16 or INT32
   */
  public static PreprocessRequest documents(
      Path input,
      RecordFormat format,
      Path outputPrefix,
      String jsonKey,
      TokenType type,
      int workers,
      long partitionBytes) {
    return new PreprocessRequest(
        List.of(input),
        format,
        outputPrefix,
        List.of(jsonKey),
        false,
        Optional.empty(),
        Optional.of(type),
        workers,
        OnBadRecord.FAIL,
        true,
        partitionBytes);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new PawlException(FailureCause.CONFIG, otherwise);
    }
  }
}
