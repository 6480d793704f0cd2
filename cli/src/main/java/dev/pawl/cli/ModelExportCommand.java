package dev.pawl.cli;

import dev.pawl.activities.checkpoint.ModelExport;
import dev.pawl.experiments.preset.NamedModel;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.weights.NumberFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Hands a model over to other libraries. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Writes a checkpoint in the published layout; a vanilla one loads in transformers.")
final class ModelExportCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*(|B|KB|MB|GB|KIB|MIB|GIB)");

  @Parameters(
      paramLabel = "CHECKPOINT",
      description = "A checkpoint folder, or an artifact that holds one.")
  private Path checkpoint;

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "The new folder.")
  private Path output;

  @Option(
      names = "--model",
      paramLabel = "NAME|FILE",
      description = "Which model the weights belong to, where the folder does not say it.")
  private String model;

  @Option(
      names = "--dtype",
      paramLabel = "fp32|fp16|bf16",
      description = "Number format of the weights (as they are stored).")
  private String dtype;

  @Option(
      names = "--max-shard-size",
      paramLabel = "N",
      description =
          "Bytes of a weights file, or with KB, MB, GB, KiB, MiB, GiB (${DEFAULT-VALUE}).",
      defaultValue = "5GB")
  private String maxShardSize;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "A tokenizer.json to lay beside (the one that belongs to the checkpoint).")
  private Path tokenizer;

  @Override
  public Integer call() {
    if (!Files.exists(checkpoint)) {
      throw new NotFoundException("no checkpoint " + checkpoint);
    }
    Optional<NumberFormat> format = Optional.ofNullable(dtype).map(NumberFormat::ofPrecision);
    Optional<NamedModel> said =
        Optional.ofNullable(model).map(name -> ModelOption.load(name, List.of()));
    Map<String, Long> files =
        ModelExport.run(
            checkpoint,
            said,
            output,
            new ModelExport.Settings(format, bytes(maxShardSize), Optional.ofNullable(tokenizer)));
    files.forEach((name, bytes) -> System.err.printf(Locale.ROOT, "%s %,d bytes%n", name, bytes));
    System.out.println(output);
    return ExitCode.DONE;
  }

  private static long bytes(String size) {
    Matcher matcher = SIZE.matcher(size.strip().toUpperCase(Locale.ROOT));
    if (matcher.matches()) {
      long unit =
          switch (matcher.group(2)) {
            case "KB" -> 1_000L;
            case "MB" -> 1_000_000L;
            case "GB" -> 1_000_000_000L;
            case "KIB" -> 1L << 10;
            case "MIB" -> 1L << 20;
            case "GIB" -> 1L << 30;
            default -> 1L;
          };
      try {
        long bytes = Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        if (bytes > 0) {
          return bytes;
        }
      } catch (ArithmeticException | NumberFormatException e) {
        throw wrong(size);
      }
    }
    throw wrong(size);
  }

  private static PawlException wrong(String size) {
    return new PawlException(
        FailureCause.CONFIG,
        "--max-shard-size '%s' is no size: bytes above 0, or a number with KB, MB, GB, KiB, MiB, GiB"
            .formatted(size));
  }
}
