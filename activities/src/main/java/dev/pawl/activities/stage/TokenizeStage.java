package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.TokenizeStageConfig;
import dev.pawl.model.dataset.DatasetTokenizer;
import dev.pawl.model.dataset.DocumentFormat;
import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Turns documents into two indexed datasets of token ids: one to train on, one held out. */
public final class TokenizeStage implements Stage<TokenizeStageConfig> {
  @Override
  public Class<TokenizeStageConfig> configType() {
    return TokenizeStageConfig.class;
  }

  @Override
  public StageKind kind() {
    return StageKind.TOKENIZE;
  }

  @Override
  public StageResult execute(TokenizeStageConfig config, StageContext context) throws IOException {
    Path unshard = context.input("unshard");
    Path corpus = context.input("corpus");
    context.input("checksum");
    WholeCorpus whole = Json.read(unshard.resolve(WholeCorpus.FILE_NAME), WholeCorpus.class);
    Path text = unshard.resolve(whole.file());
    Path output = context.output();
    TokenizerArtifact.copy(config.tokenizer(), corpus, output);
    try (Tokenizer tokenizer = TokenizerArtifact.load(output)) {
      Optional<Path> valid = CorpusLayout.valid(corpus);
      if (valid.isPresent()) {
        tokenize(text, config, tokenizer, output.resolve("train"), context);
        tokenize(valid.get(), config, tokenizer, output.resolve("valid"), context);
      } else {
        Path all = Files.createDirectories(context.work().resolve("all")).resolve("all");
        tokenize(text, config, tokenizer, all, context);
        HeldOut.split(
            all,
            output.resolve("train"),
            output.resolve("valid"),
            config.validFraction(),
            tokenizer.vocabularySize(),
            context);
        DurableFiles.remove(all.getParent());
      }
      TokenizedCorpus made = describe(config, tokenizer, output);
      Json.write(output.resolve(TokenizedCorpus.FILE_NAME), made);
      return new StageResult(Json.text(made));
    }
  }

  private static void tokenize(
      Path text, TokenizeStageConfig config, Tokenizer tokenizer, Path prefix, StageContext context)
      throws IOException {
    DocumentFormat format =
        text.getFileName().toString().endsWith(".jsonl")
            ? DocumentFormat.JSON_LINES
            : DocumentFormat.TEXT;
    ByteCount progress = new ByteCount(context, Files.size(text));
    DatasetTokenizer.tokenize(text, format, config.jsonKey(), tokenizer, prefix, progress);
  }

  private static TokenizedCorpus describe(
      TokenizeStageConfig config, Tokenizer tokenizer, Path output) throws IOException {
    try (IndexedDataset train = IndexedDataset.open(output.resolve("train"));
        IndexedDataset valid = IndexedDataset.open(output.resolve("valid"))) {
      return new TokenizedCorpus(
          config.tokenizer().type().name(),
          tokenizer.digest(),
          tokenizer.vocabularySize(),
          tokenizer.endOfText(),
          train.sequences(),
          train.tokens(),
          valid.sequences(),
          valid.tokens());
    }
  }
}
