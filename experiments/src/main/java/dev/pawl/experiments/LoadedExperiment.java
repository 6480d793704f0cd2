package dev.pawl.experiments;

import dev.pawl.experiments.sweep.Sweep;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An experiment read from a file.
 *
 * @param spec its values, defaults filled in; of a sweep, those of its first run
 * @param sources where each value came from, by dotted key
 * @param file the file
 * @param sourceText its text
 * @param notes what the files it names say that is left out of account
 * @param sweep its runs, where the file or the command line has a sweep
 */
public record LoadedExperiment(
    ExperimentSpec spec,
    Map<String, String> sources,
    Path file,
    String sourceText,
    List<String> notes,
    Optional<Sweep> sweep) {}
