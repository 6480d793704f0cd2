package dev.pawl.activities.artifact;

/** Size and digest of one file of an artifact. */
public record ArtifactFile(long bytes, String sha256) {}
