package dev.pawl.model.measurement;

import dev.pawl.model.config.Precision;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.generation.CacheProtocol;
import dev.pawl.model.generation.GenerationListener;
import dev.pawl.model.generation.GenerationSettings;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.generation.ProcessMemory;
import dev.pawl.model.generation.SequenceGenerator;
import dev.pawl.model.torch.Torch;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Measures greedy generation (block-transformer.md 7): one warm-up, then repetitions, each timed
 * over copying the prompt, prefill and decoding, on random prompts; the output length is checked.
 * Memory is that of the process, and has a limit: a batch that is expected not to fit is not begun,
 * and one that grows over it ends there.
 */
public final class GenerationMeasurement {
  private static final long LOOK_NANOS = 20_000_000;
  private static final int LONG = 256;

  private final LanguageModel model;
  private final Precision precision;
  private final MachineRates rates;
  private final long memoryLimit;
  private final Map<String, String> machine;

  /**
   * A measurement.
   *
   * @param precision that the model computes in
   * @param rates of this machine
   * @param memoryLimit bytes that the process may take
   * @param machine what rows say of where they were measured
   */
  public GenerationMeasurement(
      LanguageModel model,
      Precision precision,
      MachineRates rates,
      long memoryLimit,
      Map<String, String> machine) {
    this.model = model;
    this.precision = precision;
    this.rates = rates;
    this.memoryLimit = memoryLimit;
    this.machine = Map.copyOf(machine);
  }

  /** Bytes that the process may take. */
  public long memoryLimit() {
    return memoryLimit;
  }

  /** The precision as rows name it. */
  public String precision() {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  /** As many repetitions as the original program makes: 10 of short sequences, 5 of long ones. */
  public int repetitions(int prefillLength, int decodeLength) {
    int block = model.blockLength();
    int length = (prefillLength + block - 1) / block * block + decodeLength;
    return length < LONG ? 10 : 5;
  }

  /** Measures one batch; {@code beforeEach} runs between repetitions and may throw to stop. */
  public MeasuredBatch measure(
      int prefillLength,
      int decodeLength,
      int batchSize,
      CacheProtocol protocol,
      int repetitions,
      Runnable beforeEach) {
    GenerationCosts costs =
        GenerationCosts.of(
            model.architecture().config(),
            prefillLength,
            decodeLength,
            protocol,
            precision,
            Torch.deviceKind().equals("cpu"));
    List<long[]> prompts = prompts(prefillLength, batchSize);
    List<Double> milliseconds = new ArrayList<>();
    long peak = 0;
    boolean oom = false;
    // What earlier rows left behind is memory too.
    ProcessMemory.returnFreed();
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    try {
      beforeEach.run();
      requireRoom(ProcessMemory.residentBytes() + (long) (batchSize * costs.sampleMemoryBytes()));
      generate(prompts, decodeLength, protocol);
      ProcessMemory.resetPeak();
      for (int i = 0; i < repetitions; i++) {
        beforeEach.run();
        long start = System.nanoTime();
        generate(prompts, decodeLength, protocol);
        milliseconds.add((System.nanoTime() - start) / 1e6);
      }
      peak = ProcessMemory.peakBytes();
      requireRoom(peak);
    } catch (PawlException | OutOfMemoryError e) {
      if (e instanceof PawlException known && known.failureCause() != FailureCause.MEMORY) {
        throw known;
      }
      System.getLogger(GenerationMeasurement.class.getName())
          .log(System.Logger.Level.DEBUG, "batch {0} does not fit: {1}", batchSize, e.getMessage());
      oom = true;
      milliseconds.clear();
      peak = 0;
    }
    return new MeasuredBatch(
        prefillLength,
        decodeLength,
        batchSize,
        protocol.label(),
        precision(),
        oom,
        milliseconds,
        peak,
        costs.floorMilliseconds(batchSize, rates),
        conditions(load));
  }

  private Map<String, String> conditions(double load) {
    Map<String, String> conditions = new TreeMap<>(machine);
    conditions.put("load", "%.2f".formatted(load));
    conditions.put("gemm_gflops_per_second", "%.1f".formatted(rates.flopsPerSecond() / 1e9));
    conditions.put("copy_gbytes_per_second", "%.2f".formatted(rates.bytesPerSecond() / 1e9));
    conditions.put("memory_limit_bytes", Long.toString(memoryLimit));
    return conditions;
  }

  private List<long[]> prompts(int length, int batchSize) {
    SplittableRandom random = new SplittableRandom(42);
    int vocabulary = model.architecture().config().vocabSize();
    List<long[]> prompts = new ArrayList<>();
    for (int row = 0; row < batchSize; row++) {
      prompts.add(random.longs(length, 0, vocabulary).toArray());
    }
    return prompts;
  }

  private void generate(List<long[]> prompts, int decodeLength, CacheProtocol protocol) {
    long[] looked = {System.nanoTime()};
    GenerationListener watch =
        (sequence, tokens) -> {
          long now = System.nanoTime();
          if (now - looked[0] > LOOK_NANOS) {
            looked[0] = now;
            requireRoom(ProcessMemory.residentBytes());
          }
        };
    List<long[]> generated =
        new SequenceGenerator(model, GenerationSettings.greedy(), protocol)
            .generate(prompts, decodeLength, 0, watch);
    for (long[] tokens : generated) {
      if (tokens.length != decodeLength) {
        throw new IllegalStateException(
            "%d tokens generated, %d asked".formatted(tokens.length, decodeLength));
      }
    }
  }

  private void requireRoom(long bytes) {
    if (bytes > memoryLimit) {
      throw new PawlException(
          FailureCause.MEMORY,
          "%d bytes are needed and the limit is %d".formatted(bytes, memoryLimit));
    }
  }
}
