package dev.pawl.model.dataset;

/** Size and SHA-256 of a file. */
public record FileDigest(long bytes, String sha256) {}
