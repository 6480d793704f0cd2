package dev.pawl.cli;

import dev.pawl.experiments.preset.NamedModel;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Costs;
import dev.pawl.model.architecture.ParameterCounts;
import dev.pawl.model.architecture.ParameterSpec;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The facts of a model that follow from its configuration. */
final class ModelDescription {
  private static final int FP32_BYTES = 4;
  private static final int BF16_BYTES = 2;

  private ModelDescription() {}

  /**
   * Facts by name, nested: counts of parameters, FLOPs a token, bytes.
   *
   * @param context tokens that FLOPs are counted at
   * @param tensors whether the tensors are among them
   * @throws PawlException (CONFIG) where the vocabulary or the context length is no number to count
   *     with
   */
  static Map<String, Object> of(NamedModel found, int context, boolean tensors) {
    ModelConfig model = found.model();
    if (model.vocabSize() < 1) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%s: vocab_size is left to a tokenizer; give model.vocab_size=N to count with"
              .formatted(found.place()));
    }
    if (context < model.blockLength()) {
      throw new PawlException(
          FailureCause.CONFIG,
          "--context %d: at least one block of %d tokens is needed"
              .formatted(context, model.blockLength()));
    }
    Costs costs = Costs.of(model, context);
    ParameterCounts counts = ParameterCounts.of(model);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", found.name());
    facts.put("file", found.place());
    facts.put("architecture", ModelWords.architecture(model));
    facts.put("layers_x_hidden", ModelWords.layers(model));
    facts.put("block_length", (long) model.blockLength());
    facts.put("vocab_size", (long) model.vocabSize());
    facts.put("parameters", parameters(counts));
    facts.put("context", (long) context);
    Map<String, Object> flops = new LinkedHashMap<>();
    flops.put("training", Math.round(costs.trainingFlops()));
    flops.put("prefill", Math.round(costs.prefillFlops()));
    flops.put("decode", Math.round(costs.decodeFlops()));
    facts.put("flops_per_token", flops);
    facts.put("cache_bytes_per_token", bytes(costs.cacheValues()));
    facts.put("block_cache_bytes_per_sequence", bytes((double) costs.localCacheValues()));
    facts.put("checkpoint_bytes", bytes((double) counts.stored()));
    if (tensors) {
      facts.put("tensors", tensors(model));
    }
    return facts;
  }

  private static Map<String, Object> parameters(ParameterCounts counts) {
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("embedder", counts.embedder());
    parts.put("block_decoder", counts.blockDecoder());
    parts.put("token_decoder", counts.tokenDecoder());
    parts.put("tables", counts.tables());
    parts.put("total", counts.total());
    parts.put("non_embedding", counts.nonEmbedding());
    parts.put("dead", counts.dead());
    parts.put("state_dict", counts.stateDict());
    return parts;
  }

  private static Map<String, Object> bytes(double values) {
    Map<String, Object> sizes = new LinkedHashMap<>();
    sizes.put("fp32", Math.round(values * FP32_BYTES));
    sizes.put("bf16", Math.round(values * BF16_BYTES));
    return sizes;
  }

  private static Map<String, Object> tensors(ModelConfig model) {
    Map<String, Object> shapes = new LinkedHashMap<>();
    for (ParameterSpec parameter : Architecture.of(model).parameters()) {
      shapes.put(parameter.name(), parameter.shape());
      parameter.aliases().forEach(alias -> shapes.put(alias, parameter.shape()));
    }
    return shapes;
  }
}
