package dev.pawl.cli;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.checkpoint.InferenceModel;
import dev.pawl.activities.checkpoint.StoredModel;
import dev.pawl.experiments.preset.NamedModel;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.generation.CacheProtocol;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.generation.ProcessMemory;
import dev.pawl.model.measurement.Accelerator;
import dev.pawl.model.measurement.GenerationBench;
import dev.pawl.model.measurement.GenerationMeasurement;
import dev.pawl.model.measurement.MachineRates;
import dev.pawl.model.measurement.MeasuredBatch;
import dev.pawl.model.measurement.ReferenceCsv;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures generation of one model, outside any experiment. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "How fast a model generates, and beside what this machine could do at best.",
      "One warm-up, then timed repetitions of prompt, prefill and greedy decoding. Rows are kept in a"
          + " file as they are measured; the same command again goes on from there."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int PUBLISHED_VOCABULARY = 50304;

  @Mixin private ComputeOptions compute;
  @Mixin private HomeOption home;

  @Option(
      names = "--model",
      paramLabel = "NAME|FILE",
      description = "A model of random weights; with --checkpoint, the one the weights belong to.")
  private String model;

  @Option(names = "--checkpoint", paramLabel = "DIR", description = "Trained weights.")
  private Path checkpoint;

  @Option(
      names = "--prefill-length",
      paramLabel = "P",
      defaultValue = "1",
      description = "Prompt tokens (${DEFAULT-VALUE}).")
  private int prefillLength;

  @Option(
      names = "--decode-length",
      paramLabel = "G",
      defaultValue = "2048",
      description = "New tokens (${DEFAULT-VALUE}).")
  private int decodeLength;

  @Option(
      names = "--batch-size",
      paramLabel = "N,...|auto",
      defaultValue = "auto",
      description = "Batches, or auto to search for the largest that fits (${DEFAULT-VALUE}).")
  private String batchSize;

  @Option(
      names = "--protocol",
      paramLabel = "optimised|reference-like|both",
      defaultValue = "optimised",
      description =
          "Caches with room for all, or ones copied longer at each step, keys in fp32, as in the"
              + " original program (${DEFAULT-VALUE}).")
  private String protocol;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      defaultValue = "0",
      description = "Timed repetitions; 0 is 10 below 256 tokens and 5 above (${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "--memory-limit",
      paramLabel = "BYTES",
      defaultValue = "0",
      description =
          "What the process may take: a batch that needs more is out of memory. 0 is what it has, and"
              + " four fifths of what is free (${DEFAULT-VALUE}).")
  private long memoryLimit;

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description = "Where rows are kept (bench/MODEL.json in the home folder).")
  private Path rows;

  @Option(
      names = "--reference-csv",
      paramLabel = "FILE",
      description = "Also write the rows in the format of the original program.")
  private Path referenceCsv;

  @Option(
      names = "--predict",
      paramLabel = "h100|h200|a100-80|a100-40",
      description =
          "Measure nothing: say what the original program would need there, beside the paper's numbers.")
  private String predict;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Override
  public Integer call() throws IOException {
    if (predict != null) {
      System.out.print(BenchPrediction.of(accelerator(), format));
      return ExitCode.DONE;
    }
    List<CacheProtocol> protocols = protocols();
    List<Integer> batches = batches();
    require(
        prefillLength >= 1 && decodeLength >= 1, "--prefill-length and --decode-length: 1 or more");
    require(repetitions >= 0 && memoryLimit >= 0, "--repetitions and --memory-limit: 0 or more");
    require(model != null || checkpoint != null, "name a model with --model or --checkpoint");
    if (checkpoint == null) {
      NamedModel named = ModelOption.load(model);
      Precision precision = compute.start(Precision.FP32);
      try (RandomModel random = new RandomModel(sized(named.model()), precision)) {
        measure(named.name(), random.model(), precision, protocols, batches);
      }
      return ExitCode.DONE;
    }
    if (!Files.exists(checkpoint)) {
      throw new NotFoundException("no checkpoint " + checkpoint);
    }
    Optional<NamedModel> said = Optional.ofNullable(model).map(ModelOption::load);
    try (StoredModel stored = StoredModel.open(checkpoint, said)) {
      Precision precision = compute.start(stored);
      try (InferenceModel loaded = InferenceModel.load(stored, precision)) {
        String name = stored.folder().toAbsolutePath().getFileName().toString();
        measure(name, loaded.model(), precision, protocols, batches);
      }
    }
    return ExitCode.DONE;
  }

  private void measure(
      String name,
      LanguageModel loaded,
      Precision precision,
      List<CacheProtocol> protocols,
      List<Integer> batches)
      throws IOException {
    Path file = rows == null ? home.path().resolve("bench").resolve(name + ".json") : rows;
    BenchRows kept = BenchRows.open(file);
    Map<String, String> machine = new TreeMap<>(Machines.environment(Torch.threads()));
    machine.put("model", name);
    long limit = memoryLimit > 0 ? memoryLimit : ProcessMemory.limitBytes();
    GenerationBench bench =
        new GenerationBench(
            new GenerationMeasurement(
                loaded, precision, MachineRates.measure(precision), limit, machine),
            kept.under(machine),
            row -> {
              kept.add(row);
              say(row);
            });
    for (CacheProtocol each : protocols) {
      if (batches.isEmpty()) {
        bench.search(prefillLength, decodeLength, each, repetitions, () -> {});
      } else {
        bench.measure(prefillLength, decodeLength, each, batches, repetitions, () -> {});
      }
    }
    List<MeasuredBatch> asked =
        bench.rows().stream()
            .filter(
                row ->
                    protocols.stream()
                        .anyMatch(
                            each ->
                                row.sameShape(
                                    prefillLength,
                                    decodeLength,
                                    each.label(),
                                    precision.name().toLowerCase(Locale.ROOT))))
            .toList();
    System.out.print(BenchTable.of(name, asked, format));
    System.err.println("rows are kept in " + file);
    if (referenceCsv != null) {
      DurableFiles.write(
          referenceCsv.toAbsolutePath(), ReferenceCsv.of(asked).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void say(MeasuredBatch row) {
    String found =
        row.oom()
            ? "out of memory"
            : String.format(Locale.ROOT, "%.1f tokens/s", row.tokensPerSecond());
    System.err.printf("batch %d, %s: %s%n", row.batchSize(), row.protocol(), found);
  }

  /** The model with the published vocabulary where its file leaves it to a tokenizer. */
  static ModelConfig sized(ModelConfig config) {
    return config.vocabSize() == 0 ? config.withVocabSize(PUBLISHED_VOCABULARY) : config;
  }

  private List<CacheProtocol> protocols() {
    if (protocol.equals("both")) {
      return List.of(CacheProtocol.values());
    }
    try {
      return List.of(CacheProtocol.of(protocol));
    } catch (IllegalArgumentException e) {
      throw wrong("--protocol " + e.getMessage() + ", nor both");
    }
  }

  private List<Integer> batches() {
    if (batchSize.equals("auto")) {
      return List.of();
    }
    try {
      List<Integer> batches =
          Arrays.stream(batchSize.split(",", -1)).map(Integer::valueOf).sorted().toList();
      require(batches.get(0) >= 1, "--batch-size: 1 or more");
      return batches;
    } catch (NumberFormatException e) {
      throw wrong("--batch-size '%s' is neither auto nor batch sizes".formatted(batchSize));
    }
  }

  private Accelerator accelerator() {
    return Arrays.stream(Accelerator.values())
        .filter(each -> each.label().equals(predict))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    "--predict '%s' is none of %s"
                        .formatted(
                            predict,
                            String.join(
                                ", ",
                                Arrays.stream(Accelerator.values())
                                    .map(Accelerator::label)
                                    .toList()))));
  }

  private static void require(boolean fine, String message) {
    if (!fine) {
      throw wrong(message);
    }
  }

  private static PawlException wrong(String message) {
    return new PawlException(FailureCause.CONFIG, message);
  }

  /** A model of initial weights; in bf16 the fp32 ones are let go. */
  private static final class RandomModel implements AutoCloseable {
    private final TensorScope scope = Torch.scope();
    private final LanguageModel model;

    RandomModel(ModelConfig config, Precision precision) {
      Architecture architecture = Architecture.of(config);
      model = new LanguageModel(architecture, Weights.initial(scope, architecture, 42), precision);
      if (precision == Precision.BF16) {
        scope.close();
      }
    }

    LanguageModel model() {
      return model;
    }

    @Override
    public void close() {
      model.close();
      scope.close();
    }
  }
}
