package dev.pawl.db;

import java.util.Map;

/** A stage to register; inputs map the name of an input to the key of the stage that makes it. */
public record NewStage(
    String key, String kind, int version, String configJson, Map<String, String> inputs) {}
