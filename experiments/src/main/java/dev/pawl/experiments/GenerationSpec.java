package dev.pawl.experiments;

import dev.pawl.experiments.stage.GenerationProtocol;
import dev.pawl.experiments.stage.GenerationShape;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.Setting;
import java.util.List;

/** Generation-time measurement of the final checkpoint. */
public record GenerationSpec(
    @Setting(doc = "What to measure.") List<GenerationShape> shapes,
    @Setting(
            doc =
                "Timed repetitions of each batch; 0 is 10 for sequences below 256 tokens and 5 above.",
            defaultValue = "5",
            min = 0)
        int repetitions,
    @Setting(doc = "Number format of the measurement.", defaultValue = "fp32") Precision precision,
    @Setting(doc = "How keys and values are kept.", defaultValue = "optimised")
        GenerationProtocol protocol,
    @Setting(
            doc =
                "Bytes that the process may take; 0 is what it has, and four fifths of what is free.",
            defaultValue = "0",
            min = 0)
        long memoryLimit) {}
