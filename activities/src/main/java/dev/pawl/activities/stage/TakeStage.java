package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.FileIdentity;
import dev.pawl.experiments.stage.TakeStageConfig;
import dev.pawl.experiments.stage.TokenFiles;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Takes token datasets that were made elsewhere: compares their digests with those planned, checks
 * each index, and that the tokenizer knows every id. Files are linked, not copied, where the disk
 * allows it.
 */
public final class TakeStage implements Stage<TakeStageConfig> {
  @Override
  public Class<TakeStageConfig> configType() {
    return TakeStageConfig.class;
  }

  @Override
  public StageKind kind() {
    return StageKind.TAKE;
  }

  @Override
  public StageResult execute(TakeStageConfig config, StageContext context) throws IOException {
    Path output = context.output();
    // Only the stories' tokenizer comes out of a corpus, and it is refused for token datasets.
    TokenizerArtifact.copy(config.tokenizer(), output, output);
    try (Tokenizer tokenizer = TokenizerArtifact.load(output)) {
      ByteCount progress = new ByteCount(context, bytes(config.datasets()) + bytes(config.valid()));
      Tally train = new Tally();
      take(config.datasets(), TokenDatasetFiles.TRAIN, context, tokenizer, progress, train);
      Tally valid = new Tally();
      take(config.valid(), TokenDatasetFiles.VALID, context, tokenizer, progress, valid);
      TokenizedCorpus made =
          new TokenizedCorpus(
              config.tokenizer().type().name(),
              tokenizer.digest(),
              tokenizer.vocabularySize(),
              tokenizer.endOfText(),
              train.documents,
              train.tokens,
              valid.documents,
              valid.tokens);
      Json.write(output.resolve(TokenizedCorpus.FILE_NAME), made);
      return new StageResult(Json.text(made));
    }
  }

  /** What some datasets hold together. */
  private static final class Tally {
    private long documents;
    private long tokens;
  }

  private static void take(
      List<TokenFiles> datasets,
      String part,
      StageContext context,
      Tokenizer tokenizer,
      ByteCount progress,
      Tally tally)
      throws IOException {
    for (int i = 0; i < datasets.size(); i++) {
      Path prefix = TokenDatasetFiles.prefix(context.output(), part, i);
      take(datasets.get(i).bin(), prefix, ".bin", progress);
      take(datasets.get(i).idx(), prefix, ".idx", progress);
      try (IndexedDataset dataset = IndexedDataset.open(prefix)) {
        context.check();
        int highest = dataset.maxToken();
        if (highest >= tokenizer.vocabularySize()) {
          throw new PawlException(
              FailureCause.DATA,
              "%s.bin holds token id %d, its tokenizer has %d tokens: name the tokenizer that made it with tokenizer.file"
                  .formatted(datasets.get(i).prefix(), highest, tokenizer.vocabularySize()));
        }
        tally.documents += dataset.sequences();
        tally.tokens += dataset.tokens();
      }
    }
  }

  private static void take(FileIdentity file, Path prefix, String ending, ByteCount progress)
      throws IOException {
    Path source = Path.of(file.path());
    if (!Files.isRegularFile(source)) {
      throw new PawlException(
          FailureCause.DATA, "%s is missing; bring it back or change the spec".formatted(source));
    }
    Path target = prefix.resolveSibling(prefix.getFileName() + ending);
    DurableFiles.linkOrCopy(source, target);
    if (!FileDigests.of(target, progress).sha256().equals(file.sha256())) {
      throw new PawlException(
          FailureCause.DATA,
          "%s is not the file that was planned: it has changed since, or the checksums.txt beside it is wrong; mend that and run the experiment again"
              .formatted(source));
    }
  }

  private static long bytes(List<TokenFiles> datasets) throws IOException {
    long bytes = 0;
    for (TokenFiles files : datasets) {
      for (FileIdentity file : List.of(files.bin(), files.idx())) {
        Path path = Path.of(file.path());
        bytes += Files.exists(path) ? Files.size(path) : 0;
      }
    }
    return bytes;
  }
}
