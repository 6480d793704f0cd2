package dev.pawl.cli;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.T5Config;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import java.util.Locale;

/** A model in a few words. */
final class ModelWords {
  private ModelWords() {}

  /** Kind and parts, such as {@code block lookup prefix-2}. */
  static String architecture(ModelConfig model) {
    if (!(model instanceof BlockConfig block)) {
      return "vanilla";
    }
    TokenDecoderConfig decoder = block.tokenDecoder();
    return "block %s %s-%d"
        .formatted(
            lower(block.embedder().cls()),
            lower(decoder.decodingStrategy()),
            decoder.expansionRatio());
  }

  /** Layers and widths: of the block decoder, then of the token decoder. */
  static String layers(ModelConfig model) {
    if (model instanceof VanillaConfig vanilla) {
      return stack(vanilla.modelConfig());
    }
    BlockConfig block = (BlockConfig) model;
    String token =
        block.tokenDecoder().config() instanceof T5Config t5
            ? t5.numLayers() + "x" + t5.dModel()
            : stack((DecoderConfig) block.tokenDecoder().config());
    return stack(block.blockDecoder().config()) + " + " + token;
  }

  private static String stack(DecoderConfig config) {
    return config.numHiddenLayers() + "x" + config.hiddenSize();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
