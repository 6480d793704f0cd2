package dev.pawl.model.measurement;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Costs;
import dev.pawl.model.architecture.ParameterSpec;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.generation.CacheProtocol;

/**
 * What one generate call must move and compute, by arithmetic on sizes.
 *
 * <p>Bytes are those of the weights (once a step, tables that are only looked up left out), of keys
 * and values (read once a step; growing ones are also read and written once to copy them) and of
 * logits (written and read). FLOPs are those of {@link Costs}. Activations are left out: they may
 * stay in caches.
 *
 * @param prefillFlops of a sample
 * @param decodeFlops of a sample, all new tokens
 * @param prefillWeightBytes whatever the batch
 * @param decodeWeightBytes whatever the batch, all steps
 * @param prefillBytes of a sample
 * @param decodeBytes of a sample, all steps
 * @param weightMemoryBytes resident whatever the batch
 * @param sampleMemoryBytes resident at the peak, a sample
 */
public record GenerationCosts(
    double prefillFlops,
    double decodeFlops,
    double prefillWeightBytes,
    double decodeWeightBytes,
    double prefillBytes,
    double decodeBytes,
    double weightMemoryBytes,
    double sampleMemoryBytes) {

  /**
   * The costs of a shape.
   *
   * @param onCpu whether static caches are held as a CPU wants them, in fp32 at least; what must be
   *     moved is counted in the precision asked for all the same
   */
  public static GenerationCosts of(
      ModelConfig config,
      int prefill,
      int decode,
      CacheProtocol protocol,
      Precision precision,
      boolean onCpu) {
    int width = bytes(precision);
    boolean grows = protocol == CacheProtocol.REFERENCE_LIKE;
    int block = config.blockLength();
    int steps = (decode + block - 1) / block;
    DecoderConfig stack = stack(config);
    double outer = 0;
    double inner = 0;
    double all = 0;
    for (ParameterSpec parameter : Architecture.of(config).trained()) {
      all += parameter.size();
      if (!looksUp(parameter.name())) {
        if (config instanceof BlockConfig && parameter.name().startsWith("token_decoder.")) {
          inner += parameter.size();
        } else {
          outer += parameter.size();
        }
      }
    }
    double context = prefill + decode / 2.0;
    Costs costs = Costs.of(config, Math.max(1, (int) context));
    // Keys in fp32 beside values in the compute type.
    double cacheWidth = grows ? (Math.max(4, width) + width) / 2.0 : width;
    double touched = costs.cacheValues() * context * cacheWidth * (grows ? 3 : 1);
    double logits = 2.0 * width * config.vocabSize();
    double places = Math.max(1, prefill / (double) block);
    boolean allLogits = grows && config instanceof VanillaConfig;
    double heads = 2.0 * config.vocabSize() * stack.hiddenSize();
    double scores = grows ? stack.numAttentionHeads() * places * places * 4 : 0;
    double heldWidth = !grows && onCpu ? Math.max(4, width) : cacheWidth;
    double held = costs.cacheValues() * (prefill + decode) * heldWidth * (grows ? 2 : 1);
    double activations =
        places * width * (8.0 * stack.hiddenSize() + 2.0 * stack.intermediateSize());
    double reading =
        costs.cacheValues() * prefill * cacheWidth
            + activations
            + Math.max(4 * scores, allLogits ? prefill * (double) config.vocabSize() * width : 0);
    double choosing = config.vocabSize() * (double) (width + 4);
    return new GenerationCosts(
        prefill * (Costs.of(config, prefill).prefillFlops() + (allLogits ? heads : 0)),
        decode * costs.decodeFlops(),
        outer * width,
        steps * outer * width + (config instanceof BlockConfig ? decode * inner * width : 0),
        costs.cacheValues() * prefill * cacheWidth
            + (allLogits ? prefill * logits : 0)
            + 2 * scores,
        steps * touched + decode * logits,
        all * width,
        Math.max(held + choosing, reading));
  }

  /** Milliseconds that nothing on this machine can do with fewer, for a batch. */
  public double floorMilliseconds(int batch, MachineRates rates) {
    double prefill =
        Math.max(
            batch * prefillFlops / rates.flopsPerSecond(),
            (prefillWeightBytes + batch * prefillBytes) / rates.bytesPerSecond());
    double decode =
        Math.max(
            batch * decodeFlops / rates.flopsPerSecond(),
            (decodeWeightBytes + batch * decodeBytes) / rates.bytesPerSecond());
    return 1000 * (prefill + decode);
  }

  /** The stack that keeps keys and values for as long as a sequence goes on. */
  static DecoderConfig stack(ModelConfig config) {
    return config instanceof VanillaConfig vanilla
        ? vanilla.modelConfig()
        : ((BlockConfig) config).blockDecoder().config();
  }

  private static boolean looksUp(String parameter) {
    return parameter.endsWith("embed_in.weight") || parameter.equals("embedder.embeddings.weight");
  }

  private static int bytes(Precision precision) {
    return switch (precision) {
      case FP32 -> 4;
      case FP64 -> 8;
      case BF16 -> 2;
    };
  }
}
