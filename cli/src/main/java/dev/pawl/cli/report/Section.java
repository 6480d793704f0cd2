package dev.pawl.cli.report;

import java.util.List;

/**
 * A section of the page.
 *
 * @param id by which the page links to it
 */
public record Section(String id, String title, List<Part> parts) {}
