package dev.pawl.model.evaluation;

/** A continuation whose log-likelihood after a context is wanted, both in token ids. */
@SuppressWarnings("ArrayRecordComponent") // Ids are many, and nobody compares requests.
public record Request(int[] context, int[] continuation) {}
