package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.db.GenerationRow;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.GenerationShape;
import dev.pawl.experiments.stage.GenerationStageConfig;
import dev.pawl.model.generation.CacheProtocol;
import dev.pawl.model.generation.ProcessMemory;
import dev.pawl.model.measurement.GenerationBench;
import dev.pawl.model.measurement.GenerationMeasurement;
import dev.pawl.model.measurement.MachineRates;
import dev.pawl.model.measurement.MeasuredBatch;
import dev.pawl.model.measurement.ReferenceCsv;
import dev.pawl.model.torch.CpuCapability;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Measures generation with the final checkpoint; every row is stored as soon as it is measured. */
public final class GenerationStage implements Stage<GenerationStageConfig> {
  @Override
  public Class<GenerationStageConfig> configType() {
    return GenerationStageConfig.class;
  }

  @Override
  public StageKind kind() {
    return StageKind.GENERATION;
  }

  @Override
  public StageResult execute(GenerationStageConfig config, StageContext context)
      throws IOException {
    Exactness.beginWhole(context, config.deviceKind(), config.threads());
    // Where nothing is measured no model need be opened.
    List<MeasuredBatch> rows = config.shapes().isEmpty() ? List.of() : measure(config, context);
    List<GenerationRow> stored = context.database().generations().of(context.claim().key());
    Json.write(context.output().resolve("generation.json"), stored);
    DurableFiles.write(
        context.output().resolve("generation_time.csv"),
        ReferenceCsv.of(rows).getBytes(StandardCharsets.UTF_8));
    return new StageResult(Json.text(Map.of("generation", stored)));
  }

  private static List<MeasuredBatch> measure(GenerationStageConfig config, StageContext context)
      throws IOException {
    // Rows of an attempt that was killed stand in the record.
    List<GenerationRow> known = context.database().generations().of(context.claim().key());
    try (TrainedModel trained = TrainedModel.open(context.input("pretrain"), config.precision())) {
      GenerationMeasurement measurement =
          new GenerationMeasurement(
              trained.model(),
              config.precision(),
              MachineRates.measure(config.precision()),
              config.memoryLimit() > 0 ? config.memoryLimit() : ProcessMemory.limitBytes(),
              machine(config));
      GenerationBench bench =
          new GenerationBench(
              measurement,
              known.stream().map(GenerationStage::measured).toList(),
              row -> context.database().generations().record(context.claim(), stored(row)));
      int[] done = new int[1];
      for (String protocol : config.protocols()) {
        CacheProtocol caches = CacheProtocol.of(protocol);
        for (GenerationShape shape : config.shapes()) {
          Runnable beforeEach =
              () -> {
                context.progress(StageProgress.of("repetitions", done[0], ++done[0]));
                FaultPoints.reach("generation.repetition", done[0]);
              };
          if (shape.batchSize() == 0) {
            bench.search(
                shape.prefillLength(),
                shape.decodeLength(),
                caches,
                config.repetitions(),
                beforeEach);
          } else {
            bench.measure(
                shape.prefillLength(),
                shape.decodeLength(),
                caches,
                List.of(shape.batchSize()),
                config.repetitions(),
                beforeEach);
          }
        }
      }
      return bench.rows();
    }
  }

  private static Map<String, String> machine(GenerationStageConfig config) {
    return Map.of(
        "device", config.deviceKind(),
        "threads", Integer.toString(config.threads()),
        "cpu", CpuCapability.cpu(),
        "libtorch", Torch.version());
  }

  private static MeasuredBatch measured(GenerationRow row) {
    return new MeasuredBatch(
        row.prefillLength(),
        row.decodeLength(),
        row.batchSize(),
        row.protocol(),
        row.precision(),
        row.oom(),
        row.milliseconds(),
        row.maxMemoryBytes(),
        row.floorMilliseconds(),
        row.conditions());
  }

  private static GenerationRow stored(MeasuredBatch row) {
    return new GenerationRow(
        row.prefillLength(),
        row.decodeLength(),
        row.batchSize(),
        row.protocol(),
        row.precision(),
        row.tokensPerSecond(),
        row.maxMemoryBytes(),
        row.milliseconds(),
        row.oom(),
        row.floorMilliseconds(),
        row.conditions());
  }
}
