package dev.pawl.experiments.stage;

import dev.pawl.model.config.Setting;

/** One shape to measure. */
public record GenerationShape(
    @Setting(doc = "Prompt tokens.", min = 1) int prefillLength,
    @Setting(doc = "New tokens.", min = 1) int decodeLength,
    @Setting(doc = "Prompts at a time.", defaultValue = "1", min = 1) int batchSize) {}
