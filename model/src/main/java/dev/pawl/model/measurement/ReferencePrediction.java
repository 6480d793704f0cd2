package dev.pawl.model.measurement;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.generation.CacheProtocol;

/**
 * What the original program would need on an accelerator in bf16 (block-transformer.md 7): its
 * growing caches with fp32 keys, eager attention, and for vanilla models logits of all prompt
 * positions.
 *
 * <p>Memory of a sample is the largest of three peaks:
 *
 * <ul>
 *   <li>At the end of the prefill of n places, the last layer's scores exist in fp32 twice and in
 *       bf16 once ({@code 2.5 x 4 h n²}), beside a mask of {@code 2 n²}; each layer has kept its
 *       fp32 keys and, because values are a view into it, the whole fused projection in bf16, 10
 *       bytes a place and width; and about 10 bytes are live between layers.
 *   <li>In the first step of decoding these 10 bytes exist beside the first longer copies, of 6.
 *   <li>In its last step, old and new copies exist together: {@code 2 x 6} bytes.
 * </ul>
 *
 * <p>Time is the larger share of bytes, so bytes and FLOPs are added; of a device's printed rates
 * small kernels reach {@link #REACHED}, the one fitted number, the same for every model and shape.
 *
 * @param sampleBytes memory of a sample
 * @param batch the largest that fits beside the weights
 * @param tokensPerSecond new tokens of that batch
 */
public record ReferencePrediction(double sampleBytes, int batch, double tokensPerSecond) {
  /** Share of the printed rates that the original program reaches. */
  public static final double REACHED = 0.37;

  // Written, widened, compared.
  private static final double LOGIT_BYTES = 12;
  // Passes over a score and its softmax, in fp32.
  private static final double SCORE_BYTES = 32;
  private static final double PREFILL_SCORE_BYTES = 48;
  // Keys and values read, written longer, and read again.
  private static final double CACHE_BYTES = 18;
  private static final double GIBIBYTE = 1L << 30;

  /** The prediction for a shape. */
  public static ReferencePrediction of(
      ModelConfig config, int prefill, int decode, Accelerator device) {
    DecoderConfig stack = GenerationCosts.stack(config);
    boolean blocks = config instanceof BlockConfig;
    int unit = config.blockLength();
    double width = stack.hiddenSize();
    double layers = stack.numHiddenLayers();
    double heads = stack.numAttentionHeads();
    double places = Math.max(1, (double) prefill / unit);
    double ends = (double) (prefill + decode) / unit;
    double reading =
        places * places * (10 * heads + 2) + 10 * layers * width * places + 10 * width * places;
    double firstStep = 16 * layers * width * places;
    double lastStep = 12 * layers * width * ends;
    double sample = Math.max(reading, Math.max(firstStep, lastStep));

    double weights = 2.0 * Architecture.of(config).parameterCount();
    int batch = Math.max(1, (int) ((device.memoryGib() * GIBIBYTE - weights) / sample));

    double vocabulary = config.vocabSize();
    double middle = (prefill + decode / 2.0) / unit;
    double step = layers * middle * (CACHE_BYTES * width + SCORE_BYTES * heads);
    double inner = vocabulary * LOGIT_BYTES;
    if (config instanceof BlockConfig block
        && block.tokenDecoder().config() instanceof DecoderConfig token) {
      double rows = block.tokenDecoder().expansionRatio() + (unit - 1) / 2.0;
      inner +=
          token.numHiddenLayers()
              * rows
              * (CACHE_BYTES * token.hiddenSize() + SCORE_BYTES * token.numAttentionHeads());
    }
    GenerationCosts costs =
        GenerationCosts.of(
            config, prefill, decode, CacheProtocol.REFERENCE_LIKE, Precision.BF16, false);
    double steps = (double) decode / unit;
    double bytes =
        costs.decodeWeightBytes()
            + batch
                * (steps * step
                    + decode * inner
                    + layers * heads * places * places * PREFILL_SCORE_BYTES
                    + (blocks ? 0 : prefill * vocabulary * 4));
    double flops = batch * (costs.prefillFlops() + costs.decodeFlops());
    double seconds =
        (bytes / device.rates().bytesPerSecond() + flops / device.rates().flopsPerSecond())
            / REACHED;
    return new ReferencePrediction(sample, batch, (double) batch * decode / seconds);
  }
}
