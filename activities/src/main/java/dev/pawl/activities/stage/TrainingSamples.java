package dev.pawl.activities.stage;

import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.experiments.stage.SamplingConfig;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.Sampler;
import dev.pawl.model.config.Split;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.dataset.DocumentSource;
import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.dataset.JoinedDocuments;
import dev.pawl.model.dataset.PackedCorpus;
import dev.pawl.model.dataset.PackingConfig;
import dev.pawl.model.dataset.SampleOrder;
import dev.pawl.model.dataset.Samples;
import dev.pawl.model.dataset.megatron.IndexCache;
import dev.pawl.model.dataset.megatron.MegatronData;
import dev.pawl.model.dataset.megatron.MegatronData.Part;
import dev.pawl.model.dataset.megatron.MegatronData.WeightedDocuments;
import dev.pawl.model.dataset.megatron.MegatronSamples;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.training.TrainingData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The samples that a training reads, and those held out.
 *
 * @param data samples in training order
 * @param valid held-out samples
 * @param opened datasets that both read from
 */
record TrainingSamples(TrainingData data, Samples valid, List<IndexedDataset> opened)
    implements AutoCloseable {

  /**
   * Opens the samples of a training.
   *
   * @param artifact of the stage that made or took the token ids
   * @param work folder for indices, which a later attempt finds again
   */
  static TrainingSamples open(
      PretrainStageConfig config, TokenizedCorpus corpus, Path artifact, Path work)
      throws IOException {
    SamplingConfig sampling = config.sampling();
    if (sampling == null) {
      IndexedDataset train = IndexedDataset.open(artifact.resolve("train"));
      IndexedDataset valid = IndexedDataset.open(artifact.resolve("valid"));
      return packed(config, corpus, train, valid, List.of(train, valid));
    }
    List<IndexedDataset> train = TokenDatasetFiles.open(artifact, TokenDatasetFiles.TRAIN);
    List<IndexedDataset> valid = TokenDatasetFiles.open(artifact, TokenDatasetFiles.VALID);
    List<IndexedDataset> opened = new ArrayList<>(train);
    opened.addAll(valid);
    if (sampling.sampler() == Sampler.MEGATRON) {
      IndexCache cache = new IndexCache(work.resolve("index"));
      return megatron(config, sampling, train, valid, cache, opened);
    }
    DocumentSource all = new JoinedDocuments(train);
    if (!valid.isEmpty()) {
      return packed(config, corpus, all, new JoinedDocuments(valid), opened);
    }
    long[] bounds = Split.parse(sampling.split()).bounds(all.sequences());
    if (bounds[1] == 0 || bounds[1] == bounds[2]) {
      throw new PawlException(
          FailureCause.DATA,
          "split %s of %d documents leaves %d to train on and %d held out: give more documents, another split, or dataset.valid_prefixes"
              .formatted(sampling.split(), all.sequences(), bounds[1], bounds[2] - bounds[1]));
    }
    DocumentSource kept = all.range(0, (int) bounds[1]);
    return packed(config, corpus, kept, all.range((int) bounds[1], (int) bounds[2]), opened);
  }

  private static TrainingSamples packed(
      PretrainStageConfig config,
      TokenizedCorpus corpus,
      DocumentSource train,
      DocumentSource valid,
      List<IndexedDataset> opened) {
    PackingConfig packing = packing(config);
    PackedCorpus samples = new PackedCorpus(train, packing, corpus.endOfText());
    SampleOrder order = new SampleOrder(config.seed(), samples.samples());
    return new TrainingSamples(
        new SampleStream(samples, order::at, 0, Long.MAX_VALUE),
        new PackedCorpus(valid, packing, corpus.endOfText()),
        opened);
  }

  /** Vanilla models see documents back to back; block models as their recipe pads them. */
  private static PackingConfig packing(PretrainStageConfig config) {
    TrainingConfig training = config.training();
    boolean block = config.model() instanceof BlockConfig;
    return new PackingConfig(
        training.maxLength(),
        config.model().blockLength(),
        block && training.randomPadFirstBlock(),
        block && training.padToBlockBoundary(),
        config.seed());
  }

  private static TrainingSamples megatron(
      PretrainStageConfig config,
      SamplingConfig sampling,
      List<IndexedDataset> train,
      List<IndexedDataset> valid,
      IndexCache cache,
      List<IndexedDataset> opened)
      throws IOException {
    TrainingConfig training = config.training();
    boolean vanilla = config.model() instanceof VanillaConfig;
    MegatronData data = data(config, sampling.split(), train, sampling.weights(), cache);
    // The whole schedule, not where it is stopped: that would put the samples in another order.
    long wanted = training.horizonSamples();
    Samples samples = new MegatronSamples(data.required(Part.TRAIN, wanted), vanilla);
    Samples heldOut =
        valid.isEmpty()
            ? new MegatronSamples(data.required(Part.VALID, training.validSamples()), vanilla)
            : new MegatronSamples(
                data(config, "1", valid, List.of(), cache)
                    .required(Part.TRAIN, training.validSamples()),
                vanilla);
    return new TrainingSamples(
        new SampleStream(
            samples,
            position -> position,
            samples.length() - training.maxLength(),
            samples.samples()),
        heldOut,
        opened);
  }

  private static MegatronData data(
      PretrainStageConfig config,
      String split,
      List<IndexedDataset> datasets,
      List<Double> weights,
      IndexCache cache) {
    List<WeightedDocuments> weighted = new ArrayList<>();
    if (weights.isEmpty()) {
      weighted.add(new WeightedDocuments("the data", 1, new JoinedDocuments(datasets)));
    }
    for (int i = 0; i < weights.size(); i++) {
      weighted.add(
          new WeightedDocuments("dataset %d".formatted(i + 1), weights.get(i), datasets.get(i)));
    }
    return new MegatronData(
        weighted, Split.parse(split), config.training().maxLength(), config.seed(), cache);
  }

  /** The same, with the training's samples read through something. */
  TrainingSamples with(TrainingData through) {
    return new TrainingSamples(through, valid, opened);
  }

  @Override
  public void close() {
    opened.forEach(IndexedDataset::close);
  }
}
