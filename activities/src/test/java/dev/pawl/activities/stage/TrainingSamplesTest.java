package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.experiments.stage.SamplingConfig;
import dev.pawl.model.config.ActivationRecompute;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.Sampler;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.dataset.IndexedDatasetWriter;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tokens a training reads from token datasets. */
class TrainingSamplesTest {
  private static final int LENGTH = 8;
  private static final int STEPS = 10;
  private static final String VANILLA =
      """
      {"architecture": "vanilla", "vocabSize": 1000, "modelConfig": {"numHiddenLayers": 1, "hiddenSize": 32, "numAttentionHeads": 2, "intermediateSize": 0, "rotaryPct": 0.25, "rotaryEmbBase": 10000, "layerNormEps": 1e-5}}""";

  @TempDir private Path folder = Path.of("");

  // Two datasets of ten documents of ten tokens, numbered through: 100..199 and 200..299.
  @BeforeEach
  void write() throws IOException {
    dataset("dataset-00000", 100);
    dataset("dataset-00001", 200);
  }

  @Test
  void packedDocumentsAreDividedByTheSplit() throws IOException {
    try (TrainingSamples samples =
        open(new SamplingConfig(Sampler.BLOCK_TRANSFORMER, "9,1", List.of()))) {
      assertEquals(0, samples.data().extraTokens());
      assertTrue(Arrays.stream(read(samples, 0)).allMatch(id -> id == 0 || id < 280));
      int[] held = new int[LENGTH];
      samples.valid().sample(0, held, new byte[LENGTH]);
      assertArrayEquals(new int[] {280, 281, 282, 283, 284, 285, 286, 287}, held);
      // Two documents and their ends, 22 tokens.
      assertEquals(2, samples.valid().samples());
    }
  }

  @Test
  void heldOutDatasetsLeaveAllToTraining() throws IOException {
    dataset("valid-dataset-00000", 500);
    try (TrainingSamples samples =
        open(new SamplingConfig(Sampler.MEGATRON, "1", List.of(1.0, 1.0)))) {
      int[] held = new int[LENGTH + 1];
      samples.valid().sample(0, held, new byte[LENGTH + 1]);
      assertTrue(Arrays.stream(held).allMatch(id -> id >= 500), Arrays.toString(held));
    }
  }

  @Test
  void blendsTakeTurnsAndEnd() throws IOException {
    SamplingConfig sampling = new SamplingConfig(Sampler.MEGATRON, "8,2,0", List.of(3.0, 1.0));
    try (TrainingSamples samples = open(sampling)) {
      assertEquals(1, samples.data().extraTokens());
      int first = 0;
      for (int position = 0; position < 2 * STEPS; position++) {
        first += read(samples, position)[0] < 200 ? 1 : 0;
      }
      assertEquals(15, first);
      assertThrows(IndexOutOfBoundsException.class, () -> read(samples, 22));
    }
    assertTrue(Files.isDirectory(folder.resolve("index")));
  }

  @Test
  void anyPositionIsReadAtOnceAndAgain() throws IOException {
    SamplingConfig sampling = new SamplingConfig(Sampler.MEGATRON, "8,2,0", List.of());
    int[] seventh;
    try (TrainingSamples samples = open(sampling)) {
      for (int position = 0; position < 7; position++) {
        read(samples, position);
      }
      seventh = read(samples, 7);
      assertFalse(Arrays.equals(seventh, read(samples, 8)));
    }
    try (TrainingSamples resumed = open(sampling)) {
      assertArrayEquals(seventh, read(resumed, 7));
    }
  }

  @Test
  void whatCannotBeSampledIsRefused() {
    refused("leaves no document for valid", Sampler.MEGATRON, "1", LENGTH);
    refused("leaves 20 to train on and 0 held out", Sampler.BLOCK_TRANSFORMER, "1", LENGTH);
    refused("leaves 0 to train on", Sampler.BLOCK_TRANSFORMER, "0,1", LENGTH);
    refused("too few for one sample of 4097", Sampler.MEGATRON, "9,1", 4096);
    refused("too few for one sample of max_length 4096", Sampler.BLOCK_TRANSFORMER, "9,1", 4096);
  }

  private void refused(String named, Sampler sampler, String split, int length) {
    SamplingConfig sampling = new SamplingConfig(sampler, split, List.of());
    PawlException refused = assertThrows(PawlException.class, () -> open(sampling, length));
    assertEquals(FailureCause.DATA, refused.failureCause());
    assertTrue(refused.getMessage().contains(named), refused.getMessage());
  }

  private static int[] read(TrainingSamples samples, long position) {
    int[] ids = new int[LENGTH + samples.data().extraTokens()];
    samples.data().read(position, ids, new byte[ids.length]);
    return ids;
  }

  private TrainingSamples open(SamplingConfig sampling) throws IOException {
    return open(sampling, LENGTH);
  }

  private TrainingSamples open(SamplingConfig sampling, int length) throws IOException {
    ModelConfig model = CanonicalJson.read(VANILLA, ModelConfig.class);
    TrainingConfig training =
        new TrainingConfig(
            length,
            2,
            1,
            STEPS,
            0,
            0,
            1e-3,
            0.1,
            0.9,
            0.95,
            1e-8,
            0.1,
            1.0,
            Precision.FP32,
            ActivationRecompute.NONE,
            true,
            true,
            1,
            1,
            2);
    PretrainStageConfig config =
        new PretrainStageConfig(model, training, null, 1234, "cpu", 1, sampling);
    TokenizedCorpus corpus = new TokenizedCorpus("BYTES", "", 1000, 0, 20, 200, 0, 0);
    return TrainingSamples.open(config, corpus, folder, folder);
  }

  private void dataset(String name, int first) throws IOException {
    Path prefix = folder.resolve(name);
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(prefix, 1000)) {
      for (int i = 0; i < 10; i++) {
        int start = first + 10 * i;
        writer.document(java.util.stream.IntStream.range(start, start + 10).toArray());
      }
      writer.finish();
    }
    try (IndexedDataset dataset = IndexedDataset.open(prefix)) {
      assertEquals(100, dataset.tokens());
    }
  }
}
