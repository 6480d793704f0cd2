package dev.pawl.db.report;

import java.time.Instant;

/**
 * An experiment as it was asked for.
 *
 * @param configJson its name, its seed, and the words of the command it was first run with
 * @param source the text of its YAML file
 */
public record ExperimentText(
    String id, String name, String digest, String configJson, String source, Instant createdAt) {}
