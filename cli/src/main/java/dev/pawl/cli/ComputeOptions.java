package dev.pawl.cli;

import dev.pawl.activities.checkpoint.StoredModel;
import dev.pawl.model.config.Precision;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Torch;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a command computes. */
final class ComputeOptions {
  private static final int MOST_THREADS = 16;

  @Option(
      names = "--precision",
      paramLabel = "fp64|fp32|bf16",
      converter = PrecisionName.class,
      description = "Number format of the whole computation (that of the training, or fp32).")
  private Precision precision;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Compute threads (one a processor, at most 16).")
  private Integer threads;

  /** Reads the lower-case names. */
  static final class PrecisionName implements ITypeConverter<Precision> {
    @Override
    public Precision convert(String name) {
      for (Precision precision : Precision.values()) {
        if (precision.name().toLowerCase(Locale.ROOT).equals(name)) {
          return precision;
        }
      }
      throw new TypeConversionException("'%s' is none of fp64, fp32, bf16".formatted(name));
    }
  }

  /** Starts the engine and says in which precision to compute. */
  Precision start(StoredModel model) {
    return start(model.precision());
  }

  /** The same where nobody knows the precision of the training. */
  Precision start(Precision preset) {
    if (threads != null && threads < 1) {
      throw new PawlException(
          FailureCause.CONFIG, "--threads %d: at least 1 is needed".formatted(threads));
    }
    int processors = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    Torch.start(threads == null ? processors : threads);
    return precision == null ? preset : precision;
  }
}
