package dev.pawl.experiments.paper;

import dev.pawl.model.config.Setting;

/** What a paper generated when it measured throughput. */
public record PaperShape(
    @Setting(doc = "Tokens of the prompt.", min = 1) int prefillLength,
    @Setting(doc = "New tokens.", min = 1) int decodeLength) {}
