package dev.pawl.cli;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name a tokenizer, as Megatron names them. */
final class TokenizerOptions {
  @Option(
      names = "--tokenizer-type",
      required = true,
      paramLabel = "TYPE",
      converter = TokenizerKind.Name.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private TokenizerKind type;

  @Option(
      names = {"--tokenizer-file", "--tokenizer-model", "--tokenizer"},
      paramLabel = "FILE",
      description = "tokenizer.json of an HFTokenizer.")
  private @Nullable Path tokenizerFile;

  @Option(
      names = "--vocab-file",
      paramLabel = "FILE",
      description = "vocab.json (GPT2BPETokenizer) or vocab.txt (BertWordPiece...).")
  private @Nullable Path vocabularyFile;

  @Option(
      names = "--merge-file",
      paramLabel = "FILE",
      description = "merges.txt of a GPT2BPETokenizer.")
  private @Nullable Path mergeFile;

  @Option(
      names = "--vocab-size",
      paramLabel = "N",
      defaultValue = "786",
      description = "Ids of a NullTokenizer; N itself ends a document. Default: ${DEFAULT-VALUE}.")
  private int vocabularySize;

  TokenizerKind type() {
    return type;
  }

  /** Opens the tokenizer; the caller closes it. */
  Tokenizer open() {
    return switch (type) {
      case GPT2_BPE ->
          Tokenizers.gpt2(
              needed(vocabularyFile, "--vocab-file vocab.json"),
              needed(mergeFile, "--merge-file merges.txt"));
      case HUGGING_FACE ->
          Tokenizers.huggingFaceWithSpecialTokens(
              needed(tokenizerFile, "--tokenizer-file tokenizer.json"));
      case BERT_LOWER_CASE ->
          Tokenizers.bert(needed(vocabularyFile, "--vocab-file vocab.txt"), true);
      case BERT_CASE -> Tokenizers.bert(needed(vocabularyFile, "--vocab-file vocab.txt"), false);
      case NUMBERS -> Tokenizers.numbers(vocabularySize);
      case BYTES -> Tokenizers.bytes();
    };
  }

  private Path needed(@Nullable Path file, String option) {
    if (file == null) {
      throw new PawlException(FailureCause.CONFIG, "%s needs %s".formatted(type, option));
    }
    return file;
  }
}
