package dev.pawl.experiments.stage;

import dev.pawl.model.config.Setting;

/** One shape to measure. */
public record GenerationShape(
    @Setting(doc = "Prompt tokens.", min = 1) int prefillLength,
    @Setting(doc = "New tokens.", min = 1) int decodeLength,
    @Setting(
            doc = "Prompts at a time; 0 searches for the most that memory holds.",
            defaultValue = "1",
            min = 0)
        int batchSize) {}
