package dev.pawl.model.architecture;

import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.torch.Program;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.Torch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model as Java sees it: its parameters in order and the program that knows its mathematics.
 *
 * @param program file and class of the program
 * @param libraries files that the program calls
 * @param settings sizes of the stacks, as the program declares them
 * @param parameters in the order of checkpoints, those included that nothing reads
 * @param losses names of what loss_and_gradients returns before the losses by position; the first
 *     is the one that is trained
 * @param valuesPerBlock about how many numbers the token decoder keeps of a block on the way
 *     forward; 0 for a vanilla model
 */
public record Architecture(
    ModelConfig config,
    String program,
    String type,
    List<String> libraries,
    Map<String, Object> settings,
    List<ParameterSpec> parameters,
    List<String> losses,
    long valuesPerBlock) {

  /** Bytes that the logits of a step may hold at a time, and as many the token decoder's layers. */
  private static final long LOSS_BYTES = 128L << 20;

  /**
   * Rows of logits at a time at most: more of them leave the processor's cache and gain nothing.
   */
  private static final long MOST_ROWS = 512;

  /** The architecture of a configuration; its vocabulary must be known. */
  public static Architecture of(ModelConfig config) {
    return Architectures.of(config);
  }

  /** Number of values that take part in the model; a tensor of several names counts once. */
  public long parameterCount() {
    return trained().stream().mapToLong(ParameterSpec::size).sum();
  }

  /** Number of values in a checkpoint; a tensor of several names counts once. */
  public long storedCount() {
    return parameters.stream().mapToLong(ParameterSpec::size).sum();
  }

  /** The parameters that have gradients, in order. */
  public List<ParameterSpec> trained() {
    return parameters.stream().filter(ParameterSpec::trained).toList();
  }

  /** Those of the given tensors that have gradients, in the order of the parameters. */
  public Map<String, Tensor> trained(Map<String, Tensor> tensors) {
    return chosen(tensors, true);
  }

  /** Those of the given tensors that nothing reads. */
  public Map<String, Tensor> dead(Map<String, Tensor> tensors) {
    return chosen(tensors, false);
  }

  /** The given tensors under all names that checkpoints store them under. */
  public Map<String, Tensor> stored(Map<String, Tensor> tensors) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (ParameterSpec parameter : parameters) {
      Tensor tensor = tensors.get(parameter.name());
      if (tensor != null) {
        all.put(parameter.name(), tensor);
        parameter.aliases().forEach(alias -> all.put(alias, tensor));
      }
    }
    return all;
  }

  private Map<String, Tensor> chosen(Map<String, Tensor> tensors, boolean trained) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    for (ParameterSpec parameter : parameters) {
      Tensor tensor = tensors.get(parameter.name());
      if (parameter.trained() == trained && tensor != null) {
        found.put(parameter.name(), tensor);
      }
    }
    return found;
  }

  /** Loads the program for a precision. */
  public Program load(Precision precision) {
    return load(precision, false);
  }

  /** Loads it with layers that are computed a second time on the way back, or not. */
  public Program load(Precision precision, boolean recompute) {
    Map<String, Object> all = new LinkedHashMap<>(settings);
    all.put("compute", numberType(precision));
    long bytes = precision == Precision.FP64 ? 8 : 4;
    // In bf16 a row exists in fp32 and in bf16.
    long rowBytes = config.vocabSize() * (precision == Precision.BF16 ? 6 : bytes);
    all.put("rows", Math.max(1L, Math.min(MOST_ROWS, LOSS_BYTES / rowBytes)));
    if (valuesPerBlock > 0) {
      all.put("chunk", Math.max(1L, Math.min(1L << 20, LOSS_BYTES / (valuesPerBlock * bytes))));
    }
    all.put("recompute", recompute);
    return Torch.load(program, type, libraries, all);
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
