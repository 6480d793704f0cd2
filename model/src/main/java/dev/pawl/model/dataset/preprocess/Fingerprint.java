package dev.pawl.model.dataset.preprocess;

import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All that determines the result: work of a run with another fingerprint is of no use. */
public record Fingerprint(
    int version,
    List<Input> inputs,
    RecordFormat format,
    List<String> jsonKeys,
    String tokenizerDigest,
    int endOfDocument,
    String sentences,
    TokenType type) {
  private static final int VERSION = 2;

  /** An input file as it was found. */
  public record Input(String path, long bytes, long modifiedMillis) {}

  static Fingerprint of(PreprocessRequest request, Tokenizer tokenizer) throws IOException {
    List<Input> inputs = new ArrayList<>();
    for (Path input : request.inputs()) {
      inputs.add(
          new Input(
              input.toAbsolutePath().normalize().toString(),
              Files.size(input),
              Files.getLastModifiedTime(input).toMillis()));
    }
    return new Fingerprint(
        VERSION,
        inputs,
        request.format(),
        request.jsonKeys(),
        tokenizer.digest(),
        request.appendEndOfDocument() ? tokenizer.endOfText() : -1,
        request.sentences().map(SentenceSplitter::identity).orElse("none"),
        request
            .type()
            .orElseGet(
                () ->
                    TokenType.forTokenizer(
                        tokenizer.baseVocabularySize(), tokenizer.vocabularySize())));
  }

  long totalBytes() {
    return inputs.stream().mapToLong(Input::bytes).sum();
  }
}
