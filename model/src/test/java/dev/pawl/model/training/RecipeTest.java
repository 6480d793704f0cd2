package dev.pawl.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.checkpoint.AnomalyReason;
import dev.pawl.model.checkpoint.SkippedRange;
import dev.pawl.model.config.AnomalyAction;
import dev.pawl.model.config.BatchSizes;
import dev.pawl.model.config.LrDecayStyle;
import dev.pawl.model.config.RampupConfig;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.config.WeightDecayStyle;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lengths, batches and schedules against Megatron's numbers (megatron.md 5.2 to 5.4). */
class RecipeTest {
  private static final BatchSizes GPT3 = new BatchSizes(1536, new RampupConfig(16, 16, 5_859_375));

  /** GPT-345M: warm-up of a hundredth of 320,000 steps of 8 samples, 1.5e-4 to 1e-5. */
  private static LearningRateSchedule gpt345m() {
    return new LearningRateSchedule(
        new Recipes()
            .batch(8, 0)
            .steps(500_000, 0)
            .rate(1.5e-4, 1.0 / 15)
            .schedule(LrDecayStyle.MEGATRON_COSINE, 0, 0.01, 320_000)
            .make());
  }

  @Test
  void megatronsCosineIsThatOfGpt345m() {
    LearningRateSchedule schedule = gpt345m();
    assertEquals(0, schedule.after(0, 0));
    assertEquals(4.6875e-8, schedule.after(1, 8), 1e-18);
    assertEquals(7.5e-5, schedule.after(1600, 12_800), 1e-15);
    assertEquals(1.5e-4, schedule.after(3200, 25_600), 1e-15);
    assertEquals(1.2015035e-4, schedule.after(100_000, 800_000), 1e-11);
    assertEquals(8.1110617e-5, schedule.after(160_000, 1_280_000), 1e-12);
    assertEquals(1e-5, schedule.after(320_000, 2_560_000), 1e-15);
    assertEquals(1e-5, schedule.after(400_000, 3_200_000), 1e-15);
  }

  @Test
  void otherStylesFollowTheirFormulas() {
    Recipes recipe = new Recipes().batch(10, 0).steps(100, 0).rate(1, 0.1);
    LearningRateSchedule linear =
        new LearningRateSchedule(recipe.schedule(LrDecayStyle.LINEAR, 200, 0, 0).make());
    assertEquals(0.5, linear.after(10, 100));
    assertEquals(1, linear.after(20, 200));
    assertEquals(0.55, linear.after(60, 600), 1e-15);
    assertEquals(0.1, linear.after(100, 1000), 1e-15);
    assertEquals(0.1, linear.after(200, 2000));

    LearningRateSchedule constant =
        new LearningRateSchedule(recipe.schedule(LrDecayStyle.CONSTANT, 0, 0, 0).make());
    assertEquals(1, constant.after(0, 0));
    assertEquals(1, constant.after(5000, 50_000));

    LearningRateSchedule root =
        new LearningRateSchedule(
            recipe.schedule(LrDecayStyle.INVERSE_SQUARE_ROOT, 100, 0, 0).make());
    assertEquals(0.5, root.after(5, 50));
    assertEquals(1, root.after(10, 100));
    assertEquals(0.5, root.after(40, 400));
    assertEquals(1 / Math.sqrt(10), root.after(100, 1000), 1e-15);
    assertEquals(0.1, root.after(101, 1010));
  }

  @Test
  void tokensAreSamplesOfMaxLength() {
    TrainingConfig tokens =
        new Recipes()
            .batch(8, 0)
            .tokens(100, 100_000, 40_000)
            .decayTokens(LrDecayStyle.LINEAR, 10_000, 50_000)
            .make();
    assertEquals(1000, tokens.trainSamples());
    assertEquals(125, tokens.numTrainSteps());
    assertEquals(50, tokens.stopSteps());
    assertEquals(1000, tokens.horizonSamples());
    LearningRateSchedule schedule = new LearningRateSchedule(tokens);
    assertEquals(3e-3, schedule.after(0, 100));
    assertEquals(1.5e-3, schedule.after(0, 300), 1e-15);
    assertEquals(0, schedule.after(0, 500), 1e-15);
  }

  @Test
  void weightDecayGrowsOverTheTraining() {
    Recipes recipe = new Recipes().batch(10, 0).steps(100, 0).weightDecay(0.3);
    LearningRateSchedule constant = new LearningRateSchedule(recipe.make());
    assertEquals(0.3, constant.weightDecay(0));
    LearningRateSchedule linear =
        new LearningRateSchedule(recipe.weightDecayStyle(WeightDecayStyle.LINEAR, 0.1).make());
    assertEquals(0.1, linear.weightDecay(0));
    assertEquals(0.15, linear.weightDecay(250), 1e-15);
    assertEquals(0.3, linear.weightDecay(4000), 1e-15);
    LearningRateSchedule cosine =
        new LearningRateSchedule(recipe.weightDecayStyle(WeightDecayStyle.COSINE, 0.1).make());
    assertEquals(0.1, cosine.weightDecay(0), 1e-15);
    // 0.1 + 0.2 (cos(0.75 pi) + 1) / 2
    assertEquals(0.1292893218813452, cosine.weightDecay(250), 1e-15);
    assertEquals(0.2, cosine.weightDecay(500), 1e-15);
    assertEquals(0.3, cosine.weightDecay(1000), 1e-15);
  }

  @Test
  void theBatchGrowsAsForGpt3() {
    assertEquals(16, GPT3.at(0));
    assertEquals(16, GPT3.at(61_677));
    assertEquals(32, GPT3.at(61_678));
    assertEquals(1536, GPT3.at(5_859_375));
    assertEquals(1536, GPT3.at(5_859_376));
    assertEquals(5_859_424, GPT3.after(0, 19_802));
    assertTrue(GPT3.after(0, 19_801) <= 5_859_375);
    assertEquals(5_859_424 + 1536, GPT3.after(0, 19_803));
    TrainingConfig training =
        new Recipes()
            .batch(1536, 16)
            .samples(146_484_375)
            .rampup(16, 16, 5_859_375)
            .style(LrDecayStyle.MEGATRON_COSINE)
            .make();
    assertEquals(111_354, training.numTrainSteps());
    assertEquals(146_484_375, training.horizonSamples());
  }

  @Test
  void aRampThatNeverEndsCountsItsOwnSteps() {
    BatchSizes sizes = new BatchSizes(10, new RampupConfig(2, 2, 1000));
    assertEquals(0, sizes.stepsWithin(1));
    assertEquals(10, sizes.stepsWithin(21));
    for (long samples : new long[] {2, 100, 499, 1000, 1001, 1017, 5000}) {
      long steps = sizes.stepsWithin(samples);
      assertTrue(sizes.after(0, steps) <= samples, samples + "");
      assertTrue(sizes.after(0, steps + 1) > samples, samples + "");
    }
  }

  @Test
  void thePositionKnowsWhatWasPassedOver() {
    BatchSizes sizes = new BatchSizes(4, RampupConfig.NONE);
    List<SkippedRange> skipped =
        List.of(
            range(AnomalyAction.SKIP, 2, 8, 4),
            range(AnomalyAction.REWIND, 5, 20, 12),
            range(AnomalyAction.REWIND, 5, 32, 8));
    assertEquals(20, DataPosition.after(sizes, 5, skipped));
    assertEquals(40, DataPosition.goingOn(sizes, 5, skipped));
    assertEquals(44, DataPosition.after(sizes, 6, skipped));
  }

  private static SkippedRange range(AnomalyAction action, long step, long first, long samples) {
    return new SkippedRange(action, AnomalyReason.LOSS_SPIKE, step, step + 1, first, samples, 9.5);
  }

  @Test
  void readingARecipeAgainChangesNothing() {
    TrainingConfig once = new Recipes().batch(8, 4).tokens(100, 100_000, 40_000).make();
    TrainingConfig again =
        new TrainingConfig(
            once.maxLength(),
            once.totalBatchSize(),
            once.perDeviceTrainBatchSize(),
            once.numTrainSteps(),
            once.stopSteps(),
            once.numWarmupSteps(),
            once.learningRate(),
            once.minLearningRateRatio(),
            once.adamBeta1(),
            once.adamBeta2(),
            once.adamEpsilon(),
            once.weightDecay(),
            once.maxGradNorm(),
            once.precision(),
            once.activationRecompute(),
            once.randomPadFirstBlock(),
            once.padToBlockBoundary(),
            once.saveSteps(),
            once.loggingSteps(),
            once.validSamples(),
            once.validSteps(),
            once.checkpoints(),
            once.trainSamples(),
            once.trainTokens(),
            once.stopSamples(),
            once.stopTokens(),
            once.peakFlops(),
            once.rampupBatchSize(),
            once.schedule(),
            once.earlyEnd(),
            once.anomalies());
    assertEquals(once, again);
  }

  @Test
  void whatDoesNotGoTogetherIsNamed() {
    refused("num_train_steps is missing", new Recipes());
    refused(
        "train_samples 80 makes num_train_steps 10, not 7", new Recipes().steps(7, 0).samples(80));
    refused("train_samples 7 is not one step of 8", new Recipes().samples(7));
    refused("train_tokens 15 is not one sample of max_length 16", new Recipes().tokens(16, 15, 0));
    refused(
        "num_warmup_steps and schedule.warmup_samples say the same thing",
        new Recipes().steps(100, 5).schedule(LrDecayStyle.LINEAR, 40, 0, 0));
    refused(
        "cosine counts steps and does not go with schedule.warmup_samples",
        new Recipes().steps(100, 0).schedule(LrDecayStyle.COSINE, 40, 0, 0));
    refused(
        "schedule.warmup_samples leaves nothing of the 800 samples of the training",
        new Recipes().steps(100, 0).schedule(LrDecayStyle.LINEAR, 800, 0, 0));
    refused(
        "num_warmup_steps leaves nothing of the 160 samples of schedule.lr_decay_steps",
        new Recipes().steps(100, 20).schedule(LrDecayStyle.LINEAR, 0, 0, 20));
    refused(
        "num_warmup_steps 20 leaves nothing of schedule.lr_decay_steps 20",
        new Recipes().steps(100, 20).schedule(LrDecayStyle.COSINE, 0, 0, 20));
    refused(
        "rampup_batch_size needs the length as train_samples",
        new Recipes().steps(100, 0).rampup(2, 2, 40).style(LrDecayStyle.LINEAR));
    refused(
        "cosine counts steps and does not go with rampup_batch_size",
        new Recipes().samples(800).rampup(2, 2, 40));
    refused(
        "num_warmup_steps counts steps of a growing batch",
        new Recipes().steps(0, 5).samples(800).rampup(2, 2, 40).style(LrDecayStyle.LINEAR));
    refused(
        "rampup_batch_size.increment 4 does not divide the 6",
        new Recipes().samples(800).rampup(2, 4, 40).style(LrDecayStyle.LINEAR));
    refused(
        "per_device_train_batch_size 4 does not divide rampup_batch_size.start 2 and increment 2",
        new Recipes().batch(8, 4).samples(800).rampup(2, 2, 40).style(LrDecayStyle.LINEAR));
    refused(
        "stop_samples 1600 makes stop_steps 200, not 3",
        new Recipes().steps(500, 0).tokens(1, 0, 1600).stopSteps(3));
  }

  private static void refused(String why, Recipes recipe) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, recipe::make);
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
  }
}
