package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.TokenizeStageConfig;
import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.dataset.preprocess.PreprocessRequest;
import dev.pawl.model.dataset.preprocess.Preprocessor;
import dev.pawl.model.dataset.preprocess.RecordFormat;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Turns documents into two indexed datasets of token ids: one to train on, one held out.
 *
 * <p>It is the work of {@link Preprocessor}: on all cores of this machine, and restartable.
 * Finished partitions and finished datasets lie in the stage's work folder, which outlives a killed
 * worker; the next attempt does again what was behind the last partition, and no more. A plain text
 * is one document and so one partition; where a share of the tokens is held out, the cut through
 * the finished ids is made again.
 */
public final class TokenizeStage implements Stage<TokenizeStageConfig> {
  private final long partitionBytes;

  public TokenizeStage() {
    this(PreprocessRequest.PARTITION_BYTES);
  }

  /** A stage whose work is safe from a crash after so many bytes of text. */
  public TokenizeStage(long partitionBytes) {
    this.partitionBytes = partitionBytes;
  }

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
        link(tokenize("train", text, config, tokenizer, context), output.resolve("train"));
        link(tokenize("valid", valid.get(), config, tokenizer, context), output.resolve("valid"));
      } else {
        HeldOut.split(
            tokenize("all", text, config, tokenizer, context),
            output.resolve("train"),
            output.resolve("valid"),
            config.validFraction(),
            context);
      }
      TokenizedCorpus made = describe(config, tokenizer, output);
      Json.write(output.resolve(TokenizedCorpus.FILE_NAME), made);
      return new StageResult(Json.text(made));
    }
  }

  /** Prefix, in the work folder, of the dataset made of a file, by this attempt or a former one. */
  private Path tokenize(
      String name, Path text, TokenizeStageConfig config, Tokenizer tokenizer, StageContext context)
      throws IOException {
    RecordFormat format =
        text.getFileName().toString().endsWith(".jsonl")
            ? RecordFormat.DOCUMENT_LINES
            : RecordFormat.WHOLE_FILES;
    // The element type follows from all ids, added tokens too: so it was before added tokens had a
    // rule of their own, and the same key means the same bytes.
    PreprocessRequest request =
        PreprocessRequest.documents(
            text,
            format,
            context.work().resolve(name),
            config.jsonKey(),
            TokenType.forVocabulary(tokenizer.vocabularySize()),
            Runtime.getRuntime().availableProcessors(),
            partitionBytes);
    Path prefix = request.output(config.jsonKey());
    // An index comes last and the work folder is of this stage's key alone: what is there is whole.
    if (!Files.exists(file(prefix, ".idx"))) {
      Preprocessor.run(request, tokenizer, new TokenizeProgress(context, Files.size(text)));
    }
    return prefix;
  }

  /** Lays a dataset into the artifact and leaves it for an attempt that may have to follow. */
  private static void link(Path from, Path to) throws IOException {
    for (String ending : List.of(".bin", ".idx")) {
      DurableFiles.linkOrCopy(file(from, ending), file(to, ending));
    }
  }

  private static Path file(Path prefix, String ending) {
    return prefix.resolveSibling(prefix.getFileName() + ending);
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
