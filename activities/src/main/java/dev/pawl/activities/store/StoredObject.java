package dev.pawl.activities.store;

import java.util.Optional;

/**
 * An object as its store describes it.
 *
 * @param name within the store, with forward slashes
 * @param bytes its size
 * @param sha256 what the store remembers of its content, in hexadecimal; empty where it remembers
 *     nothing, or was not asked
 */
public record StoredObject(String name, long bytes, Optional<String> sha256) {}
