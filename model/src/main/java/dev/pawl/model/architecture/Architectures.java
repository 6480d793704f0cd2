package dev.pawl.model.architecture;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.DecodingStrategy;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ExpansionMethod;
import dev.pawl.model.config.LookupConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.RobertaConfig;
import dev.pawl.model.config.T5Config;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What each configuration is made of: its parameters and the settings of its program. */
final class Architectures {
  /** Initial standard deviation of the T5 tables. */
  private static final Initializer STANDARD_NORMAL = Initializer.normal(1);

  private final ParameterTable table = new ParameterTable();
  private final Map<String, Object> settings = new LinkedHashMap<>();

  private Architectures() {}

  static Architecture of(ModelConfig config) {
    if (config.vocabSize() < 1) {
      throw new IllegalArgumentException("vocab_size is not known");
    }
    Architectures made = new Architectures();
    return config instanceof VanillaConfig vanilla
        ? made.vanilla(vanilla)
        : made.block((BlockConfig) config);
  }

  private Architecture vanilla(VanillaConfig config) {
    DecoderConfig stack = config.modelConfig();
    stackSettings("", stack);
    Initializer weight = Initializer.normal(stack.initializerRange());
    table.add("gpt_neox.embed_in.weight", weight, config.vocabSize(), stack.hiddenSize());
    table.neox("gpt_neox.", stack);
    table.add("embed_out.weight", weight, config.vocabSize(), stack.hiddenSize());
    return new Architecture(
        config,
        "vanilla",
        "Vanilla",
        List.of("linear", "neox", "decoding"),
        settings,
        table.parameters(),
        List.of("loss"),
        0);
  }

  private Architecture block(BlockConfig config) {
    DecoderConfig block = config.blockDecoder().config();
    settings.put("block_length", config.blockLength());
    stackSettings("block_", block);
    embedder(config.embedder(), config);
    long tokenValues = tokenDecoder(config.tokenDecoder(), config);
    table.addDead(
        "block_decoder.gpt_neox.embed_in.weight",
        Initializer.normal(block.initializerRange()),
        config.vocabSize(),
        block.hiddenSize());
    table.neox("block_decoder.gpt_neox.", block);
    settings.put("token_loss", config.tokenDecodingLoss().enable());
    settings.put(
        "block_loss",
        config.blockDecodingLoss().enable()
            ? config.blockDecodingLoss().type().name().toLowerCase(Locale.ROOT)
            : "none");
    settings.put("block_weight", config.blockDecodingLoss().weight());
    settings.put("auto_loss", config.autoEncodingLoss().enable());
    settings.put("auto_weight", config.autoEncodingLoss().weight());
    return new Architecture(
        config,
        "block",
        "Block",
        List.of("linear", "neox", "decoding", "roberta", "t5"),
        settings,
        table.parameters(),
        List.of("loss", "token_decoding_loss", "block_decoding_loss", "auto_encoding_loss"),
        tokenValues);
  }

  private void embedder(EmbedderConfig config, BlockConfig model) {
    settings.put("embedder", config.cls().name().toLowerCase(Locale.ROOT));
    settings.put("embedding_tokens", config.nEmbeddingTokens());
    settings.put("cls_tokens", config.nClsTokens());
    settings.put("projects", config.projects());
    long vocabulary = model.vocabSize();
    if (config.config() instanceof LookupConfig lookup) {
      encoderSettings(0, 1, 0, 0, 0, 4, 128);
      table.add(
          "embedder.embeddings.weight",
          Initializer.normal(lookup.initializerRange()),
          vocabulary,
          lookup.hiddenSize());
    } else if (config.config() instanceof RobertaConfig roberta) {
      encoderSettings(
          roberta.numHiddenLayers(),
          roberta.numAttentionHeads(),
          roberta.layerNormEps(),
          roberta.hiddenDropoutProb(),
          roberta.attentionProbsDropoutProb(),
          4,
          128);
      table.roberta("embedder.", roberta, vocabulary);
    } else if (config.config() instanceof T5Config t5) {
      encoderSettings(
          t5.numLayers(),
          t5.numHeads(),
          t5.layerNormEpsilon(),
          t5.dropoutRate(),
          0,
          t5.relativeAttentionNumBuckets(),
          t5.relativeAttentionMaxDistance());
      table.addTied(
          "embedder.shared.weight",
          List.of("embedder.encoder.embed_tokens.weight"),
          STANDARD_NORMAL,
          vocabulary,
          t5.dModel());
      table.t5("embedder.encoder.", t5, false);
    }
    if (config.projects()) {
      long width = config.config().width();
      long joined = config.joinedTokens(model.blockLength());
      long hidden = model.blockDecoder().config().hiddenSize();
      table.add(
          "embedder.projection_layer.weight",
          Initializer.scaled(width * joined),
          hidden,
          width,
          joined / config.nEmbeddingTokens());
      table.add("embedder.projection_layer.bias", Initializer.ZERO, hidden);
    }
  }

  private void encoderSettings(
      int layers,
      int heads,
      double eps,
      double dropout,
      double attentionDropout,
      int buckets,
      int maxDistance) {
    settings.put("encoder_layers", layers);
    settings.put("encoder_heads", heads);
    settings.put("encoder_eps", eps);
    settings.put("encoder_dropout", dropout);
    settings.put("encoder_attention_dropout", attentionDropout);
    settings.put("encoder_buckets", buckets);
    settings.put("encoder_max_distance", maxDistance);
  }

  // Returns about how many values of activations one block needs on the way forward and back.
  private long tokenDecoder(TokenDecoderConfig config, BlockConfig model) {
    boolean expands = config.expansionMethod() == ExpansionMethod.EXPANSION_LAYER;
    settings.put("strategy", config.decodingStrategy().name().toLowerCase(Locale.ROOT));
    settings.put("expands", expands);
    settings.put("ratio", config.expansionRatio());
    long vocabulary = model.vocabSize();
    long width = config.config().width();
    long positions = model.blockLength();
    long values;
    if (config.config() instanceof T5Config t5) {
      t5Settings(t5);
      table.addTied(
          "token_decoder.shared.weight",
          List.of("token_decoder.decoder.embed_tokens.weight", "token_decoder.lm_head.weight"),
          STANDARD_NORMAL,
          vocabulary,
          width);
      table.t5("token_decoder.decoder.", t5, true);
      values = t5.numLayers() * (12 * width + 3L * t5.dFf());
    } else {
      DecoderConfig stack = (DecoderConfig) config.config();
      neoxSettings(stack);
      Initializer weight = Initializer.normal(stack.initializerRange());
      table.add("token_decoder.gpt_neox.embed_in.weight", weight, vocabulary, width);
      table.neox("token_decoder.gpt_neox.", stack);
      table.add("token_decoder.embed_out.weight", weight, vocabulary, width);
      values = stack.numHiddenLayers() * (11 * width + 2L * stack.intermediateSize());
      if (config.decodingStrategy() == DecodingStrategy.PREFIX) {
        positions += (long) model.embedder().nEmbeddingTokens() * config.expansionRatio();
      }
    }
    if (expands) {
      long hidden = model.blockDecoder().config().hiddenSize();
      long expanded = config.expansionRatio() * width;
      table.add(
          "token_decoder.expansion_layer.weight", Initializer.scaled(hidden), expanded, hidden, 1);
      table.add("token_decoder.expansion_layer.bias", Initializer.ZERO, expanded);
    }
    return positions * values;
  }

  private void neoxSettings(DecoderConfig stack) {
    stackSettings("token_", stack);
    settings.put("token_head_size", stack.headSize());
    settings.put("token_buckets", 4);
    settings.put("token_max_distance", 128);
    settings.put("token_dropout", 0.0);
  }

  private void t5Settings(T5Config t5) {
    settings.put("token_layers", t5.numLayers());
    settings.put("token_heads", t5.numHeads());
    settings.put("token_head_size", t5.dKv());
    settings.put("token_rotary_dims", 0);
    settings.put("token_rotary_base", 1.0);
    settings.put("token_eps", t5.layerNormEpsilon());
    settings.put("token_hidden_dropout", 0.0);
    settings.put("token_attention_dropout", 0.0);
    settings.put("token_buckets", t5.relativeAttentionNumBuckets());
    settings.put("token_max_distance", t5.relativeAttentionMaxDistance());
    settings.put("token_dropout", t5.dropoutRate());
  }

  private void stackSettings(String prefix, DecoderConfig stack) {
    settings.put(prefix + "layers", stack.numHiddenLayers());
    settings.put(prefix + "heads", stack.numAttentionHeads());
    settings.put(prefix + "rotary_dims", stack.rotaryDimensions());
    settings.put(prefix + "rotary_base", stack.rotaryEmbBase());
    settings.put(prefix + "eps", stack.layerNormEps());
    settings.put(prefix + "hidden_dropout", stack.hiddenDropout());
    settings.put(prefix + "attention_dropout", stack.attentionDropout());
  }
}
