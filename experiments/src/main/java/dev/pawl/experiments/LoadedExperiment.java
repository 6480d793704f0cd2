package dev.pawl.experiments;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An experiment read from a file.
 *
 * @param spec its values, defaults filled in
 * @param sources where each value came from, by dotted key
 * @param file the file
 * @param sourceText its text
 * @param notes what the files it names say that is left out of account
 */
public record LoadedExperiment(
    ExperimentSpec spec,
    Map<String, String> sources,
    Path file,
    String sourceText,
    List<String> notes) {}
