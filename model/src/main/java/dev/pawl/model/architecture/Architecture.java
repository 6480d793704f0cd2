package dev.pawl.model.architecture;

import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.torch.Program;
import dev.pawl.model.torch.Torch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model as Java sees it: its parameters in order and the program that knows its mathematics.
 *
 * @param program file and class of the program
 * @param settings sizes of the stacks, as the program declares them
 */
public record Architecture(
    ModelConfig config,
    String program,
    String type,
    Map<String, Object> settings,
    List<ParameterSpec> parameters) {

  /** Bytes of logits that may exist at a time. */
  private static final long LOGITS_BYTES = 64L << 20;

  /** The architecture of a configuration; its vocabulary must be known. */
  public static Architecture of(ModelConfig config) {
    return Architectures.of(config);
  }

  /** Number of trained values. */
  public long parameterCount() {
    return parameters.stream().mapToLong(ParameterSpec::size).sum();
  }

  /** Loads the program for a precision. */
  public Program load(Precision precision) {
    Map<String, Object> all = new LinkedHashMap<>(settings);
    all.put("compute", numberType(precision));
    long rowBytes = (long) config.vocabSize() * (precision == Precision.FP64 ? 8 : 4);
    all.put("chunk", Math.max(1L, Math.min(1L << 20, LOGITS_BYTES / rowBytes)));
    return Torch.load(program, type, List.of("neox"), all);
  }

  // PyTorch's own codes of its number types.
  private static int numberType(Precision precision) {
    return switch (precision) {
      case FP32 -> 6;
      case FP64 -> 7;
      case BF16 -> 15;
    };
  }
}
