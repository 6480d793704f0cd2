package dev.pawl.model.measurement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.generation.CacheProtocol;
import dev.pawl.model.generation.GenerationSettings;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.generation.ProcessMemory;
import dev.pawl.model.generation.SequenceGenerator;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import dev.pawl.model.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Measurements of tiny models: rows, limits, stopping and going on, and memory that stays. */
class GenerationMeasurementTest {
  private static final MachineRates RATES = new MachineRates(1e11, 1e10);

  @Test
  void rowsSayWhatWasMeasured() {
    for (ModelConfig config : List.of(vanilla(), block())) {
      with(
          config,
          model -> {
            GenerationMeasurement measurement = measurement(model, Long.MAX_VALUE);
            for (CacheProtocol protocol : CacheProtocol.values()) {
              // Neither length is a multiple of the block's.
              MeasuredBatch row = measurement.measure(7, 9, 3, protocol, 4, () -> {});
              assertEquals(4, row.milliseconds().size());
              assertFalse(row.oom());
              assertEquals(protocol.label(), row.protocol());
              assertEquals(1000.0 * 27 / row.mean(), row.tokensPerSecond(), 1e-9);
              assertTrue(row.maxMemoryBytes() > 10 << 20, row.toString());
              assertTrue(row.floorMilliseconds() > 0 && row.overFloor() > 0, row.toString());
              assertEquals("here", row.conditions().get("machine"));
              assertTrue(row.conditions().containsKey("load"));
            }
            assertEquals(10, measurement.repetitions(7, 9));
            assertEquals(5, measurement.repetitions(128, 128));
          });
    }
  }

  @Test
  void aBatchThatDoesNotFitIsARow() {
    with(
        vanilla(),
        model -> {
          GenerationMeasurement measurement =
              measurement(model, ProcessMemory.residentBytes() + (64 << 20));
          MeasuredBatch row =
              measurement.measure(8, 64, 100_000, CacheProtocol.OPTIMISED, 1, () -> {});
          assertTrue(row.oom());
          assertEquals(List.of(), row.milliseconds());
          assertEquals(0, row.tokensPerSecond());
        });
  }

  @Test
  void stoppedInTheMiddleOnlyTheRowInProgressIsLost() {
    with(
        block(),
        model -> {
          GenerationMeasurement measurement = measurement(model, Long.MAX_VALUE);
          List<MeasuredBatch> kept = new ArrayList<>();
          int[] left = {7};
          Runnable stop =
              () -> {
                if (left[0]-- == 0) {
                  throw new IllegalStateException("stopped");
                }
              };
          List<Integer> batches = List.of(1, 2, 4);
          // Each row runs it three times: the third row is stopped in its second repetition.
          assertThrows(
              IllegalStateException.class,
              () ->
                  new GenerationBench(measurement, List.of(), kept::add)
                      .measure(4, 4, CacheProtocol.OPTIMISED, batches, 2, stop));
          assertEquals(List.of(1, 2), kept.stream().map(MeasuredBatch::batchSize).toList());
          List<MeasuredBatch> later = new ArrayList<>();
          GenerationBench again = new GenerationBench(measurement, kept, later::add);
          again.measure(4, 4, CacheProtocol.OPTIMISED, batches, 2, () -> {});
          assertEquals(List.of(4), later.stream().map(MeasuredBatch::batchSize).toList());
          assertEquals(3, again.rows().size());
          assertEquals(kept, again.rows().subList(0, 2));
        });
  }

  @Test
  void theReferencesFormat() {
    Map<String, String> nowhere = Map.of();
    List<MeasuredBatch> rows =
        List.of(
            new MeasuredBatch(8, 4, 2, "optimised", "bf16", true, List.of(), 0, 1, nowhere),
            new MeasuredBatch(
                8, 4, 1, "optimised", "bf16", false, List.of(10.0, 14.0), 1L << 29, 1, nowhere));
    assertEquals(
        ",prefill_length,decode_length,batch_size,oom,mean,mean_per_sample,mean_per_token,"
            + "max_memory_allocated,max_memory_reserved,std\n"
            + "0,8,4,1,False,12.0,12.0,3.0,0.5,0.5,2.0\n"
            + "1,8,4,2,True,,,,,,\n",
        ReferenceCsv.of(rows));
  }

  @Test
  void thisMachineHasRates() {
    Torch.start(2);
    MachineRates rates = MachineRates.measure(Precision.FP32);
    assertTrue(rates.flopsPerSecond() > 1e8 && rates.flopsPerSecond() < 1e14, rates.toString());
    assertTrue(rates.bytesPerSecond() > 1e8 && rates.bytesPerSecond() < 1e13, rates.toString());
  }

  @Test
  void aThousandGenerationsLeaveMemoryFlat() {
    for (ModelConfig config : List.of(vanilla(), block())) {
      with(
          config,
          model -> {
            SequenceGenerator generator =
                new SequenceGenerator(
                    model, GenerationSettings.greedy().sampling(1, 0, 1, 1).endingAt(3));
            List<long[]> prompts = List.of(new long[] {1, 2, 3}, new long[] {4}, new long[] {5});
            for (int i = 0; i < 100; i++) {
              generator.generate(prompts, 12);
            }
            System.gc();
            long before = ProcessMemory.residentBytes();
            for (int i = 0; i < 1000; i++) {
              generator.generate(prompts, 12);
            }
            System.gc();
            long grown = ProcessMemory.residentBytes() - before;
            // A tensor kept a token would be over 100 MB of headers and values.
            assertTrue(grown < 24 << 20, grown + " bytes more after 1,000 generations");
          });
    }
  }

  private static GenerationMeasurement measurement(LanguageModel model, long limit) {
    return new GenerationMeasurement(
        model, Precision.FP32, RATES, limit, Map.of("machine", "here"));
  }

  private static void with(ModelConfig config, Consumer<LanguageModel> body) {
    Torch.start(2);
    Architecture architecture = Architecture.of(config);
    try (TensorScope scope = Torch.scope()) {
      var weights = Weights.trainedZeros(scope, architecture, TensorType.FP32);
      try (LanguageModel model = new LanguageModel(architecture, weights, Precision.FP32)) {
        body.accept(model);
      }
    }
  }

  private static ModelConfig vanilla() {
    return new VanillaConfig(48, DecoderConfig.of(2, 32, 2));
  }

  private static ModelConfig block() {
    DecoderConfig stack = DecoderConfig.of(2, 32, 2);
    return new BlockConfig(
        48,
        4,
        EmbedderConfig.lookup(8),
        BlockDecoderConfig.of(stack),
        TokenDecoderConfig.prefix(2, stack));
  }
}
