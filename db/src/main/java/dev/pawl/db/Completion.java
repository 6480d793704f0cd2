package dev.pawl.db;

/** What a finished stage leaves: its artifact and its result. */
public record Completion(String digest, long bytes, String path, String kind, String resultJson) {}
