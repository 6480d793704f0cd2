package dev.pawl.db;

import java.util.List;

/** An experiment to register; the id follows from its content. */
public record NewExperiment(
    String id, String name, String digest, String configJson, String source, List<NewRun> runs) {}
