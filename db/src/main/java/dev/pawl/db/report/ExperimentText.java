package dev.pawl.db.report;

import java.time.Instant;

/**
 * An experiment as it was asked for.
 *
 * @param configJson its name, its seed, and what the command line put over the text
 * @param source the text of its YAML file
 */
public record ExperimentText(
    String id, String name, String digest, String configJson, String source, Instant createdAt) {}
