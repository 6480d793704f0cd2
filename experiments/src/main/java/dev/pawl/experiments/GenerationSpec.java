package dev.pawl.experiments;

import dev.pawl.experiments.stage.GenerationShape;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.Setting;
import java.util.List;

/** Generation-time measurement of the final checkpoint. */
public record GenerationSpec(
    @Setting(doc = "What to measure.") List<GenerationShape> shapes,
    @Setting(doc = "Timed repetitions of each shape.", defaultValue = "5", min = 1) int repetitions,
    @Setting(doc = "Number format of the measurement.", defaultValue = "fp32")
        Precision precision) {}
