package dev.pawl.db;

import java.util.List;

/** A run to register, its stages in order. */
public record NewRun(
    String id,
    String name,
    String model,
    long parameters,
    String configJson,
    List<NewStage> stages) {}
