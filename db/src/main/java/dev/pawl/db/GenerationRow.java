package dev.pawl.db;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One measured generation shape; every repetition in milliseconds.
 *
 * @param oom whether memory did not suffice; rates, memory and repetitions are then empty
 * @param floorMilliseconds what its FLOPs and bytes need at the machine's rates; 0 if not known
 * @param conditions machine, device, threads, load and so on, by name
 */
public record GenerationRow(
    int prefillLength,
    int decodeLength,
    int batchSize,
    String protocol,
    String precision,
    double tokensPerSecond,
    long maxMemoryBytes,
    List<Double> milliseconds,
    boolean oom,
    double floorMilliseconds,
    Map<String, String> conditions) {

  public GenerationRow {
    // In one order, whatever order the record keeps them in.
    conditions = Collections.unmodifiableMap(new TreeMap<>(conditions));
  }
}
