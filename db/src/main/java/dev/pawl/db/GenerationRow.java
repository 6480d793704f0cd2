package dev.pawl.db;

import java.util.List;

/** One measured generation shape; every repetition in milliseconds. */
public record GenerationRow(
    int prefillLength,
    int decodeLength,
    int batchSize,
    String protocol,
    String precision,
    double tokensPerSecond,
    long maxMemoryBytes,
    List<Double> milliseconds) {}
