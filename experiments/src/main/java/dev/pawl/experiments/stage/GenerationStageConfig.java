package dev.pawl.experiments.stage;

import dev.pawl.model.config.Precision;
import java.util.List;

/** Measures generation with the final checkpoint. */
public record GenerationStageConfig(
    List<GenerationShape> shapes,
    int repetitions,
    Precision precision,
    List<String> protocols,
    long memoryLimit,
    String deviceKind,
    int threads)
    implements StageConfig {}
