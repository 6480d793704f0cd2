package dev.pawl.db.report;

import java.util.List;

/**
 * On what attempts ran.
 *
 * @param id digest of the description
 * @param json its values by name
 * @param runIds the runs that have a stage done there
 */
public record Surroundings(String id, String json, List<String> runIds) {}
