package dev.pawl.model.training;

import dev.pawl.model.config.ActivationRecompute;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.config.VanillaConfig;

/** Small models and a stream of samples in which each token follows from the one before. */
final class TrainingFixture {
  private TrainingFixture() {}

  static ModelConfig vanilla() {
    return new VanillaConfig(64, DecoderConfig.of(2, 32, 2));
  }

  static ModelConfig block() {
    return new BlockConfig(
        64,
        4,
        EmbedderConfig.lookup(0),
        BlockDecoderConfig.of(DecoderConfig.of(1, 32, 2)),
        TokenDecoderConfig.prefix(2, DecoderConfig.of(1, 32, 2)));
  }

  static TrainingConfig training(Precision precision, int microBatch) {
    return training(precision, microBatch, ActivationRecompute.NONE);
  }

  static TrainingConfig training(
      Precision precision, int microBatch, ActivationRecompute recompute) {
    return new TrainingConfig(
        16,
        4,
        microBatch,
        2000,
        0,
        4,
        3e-3,
        0.1,
        0.9,
        0.95,
        1e-8,
        0.1,
        1.0,
        precision,
        recompute,
        true,
        true,
        5,
        1,
        0);
  }

  static final TrainingData COUNTING =
      (position, ids, mask) -> {
        for (int i = 0; i < ids.length; i++) {
          ids[i] = (int) ((position * 7 + i * 3L) % 61) + 1;
          mask[i] = (byte) (position % 3 == 0 && i < 2 ? 0 : 1);
        }
      };
}
