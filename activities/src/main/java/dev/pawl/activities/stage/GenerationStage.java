package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.db.GenerationRow;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.GenerationShape;
import dev.pawl.experiments.stage.GenerationStageConfig;
import dev.pawl.model.generation.GenerationMeasurement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures generation with the final checkpoint; every row is stored as soon as it is measured. */
public final class GenerationStage implements Stage<GenerationStageConfig> {
  /** Preallocated caches, one program call a token or two a block. */
  private static final String PROTOCOL = "optimised";

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
    List<GenerationRow> rows = new ArrayList<>();
    try (TrainedModel trained = TrainedModel.open(context.input("pretrain"), config.precision())) {
      GenerationMeasurement measurement = new GenerationMeasurement(trained.model());
      int total = config.shapes().size() * (config.repetitions() + 1);
      int[] done = new int[1];
      for (GenerationShape shape : config.shapes()) {
        GenerationMeasurement.Row measured =
            measurement.measure(
                shape.prefillLength(),
                shape.decodeLength(),
                shape.batchSize(),
                config.repetitions(),
                () -> {
                  context.progress(StageProgress.of("repetitions", done[0]++, total));
                  FaultPoints.reach("generation.repetition", done[0]);
                });
        GenerationRow row =
            new GenerationRow(
                measured.prefillLength(),
                measured.decodeLength(),
                measured.batchSize(),
                PROTOCOL,
                config.precision().name().toLowerCase(Locale.ROOT),
                measured.tokensPerSecond(),
                measured.maxMemoryBytes(),
                measured.milliseconds());
        context.database().generations().record(context.claim(), row);
        rows.add(row);
      }
    }
    Json.write(context.output().resolve("generation.json"), rows);
    return new StageResult(Json.text(Map.of("generation", rows)));
  }
}
