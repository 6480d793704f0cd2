package dev.pawl.db.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * From what and by what a stage of a run was made.
 *
 * @param ordinal its place in the run
 * @param inputKeys the stages whose artifacts it read
 * @param artifactDigest of the manifest of its artifact; empty while it is not done
 * @param artifactBytes of all files of the artifact
 * @param codeVersion of the attempt that did it
 * @param machine processor, or kind of device, of that attempt
 * @param seed of the training; empty for other stages
 */
public record StageOrigin(
    String runId,
    String stageKey,
    String stage,
    int version,
    int ordinal,
    List<String> inputKeys,
    Optional<String> artifactDigest,
    OptionalLong artifactBytes,
    Optional<String> codeVersion,
    Optional<String> machine,
    Optional<String> host,
    OptionalLong seed) {}
