package dev.pawl.db;

import java.util.Optional;

/** The right of one attempt to write results of one stage. */
public record Claim(String key, String ownerId, int attempt, Optional<String> progressJson) {}
