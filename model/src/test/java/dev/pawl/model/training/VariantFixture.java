package dev.pawl.model.training;

import dev.pawl.model.config.AutoEncodingLoss;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.BlockDecodingLoss;
import dev.pawl.model.config.BlockLossType;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.DecodingStrategy;
import dev.pawl.model.config.EmbedderClass;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.EmbedderNetwork;
import dev.pawl.model.config.ExpansionMethod;
import dev.pawl.model.config.LookupConfig;
import dev.pawl.model.config.ProjectionMethod;
import dev.pawl.model.config.RobertaConfig;
import dev.pawl.model.config.T5Config;
import dev.pawl.model.config.TokenDecoderClass;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.TokenDecodingLoss;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every block variant at reduced width, with dropout where it has any. */
final class VariantFixture {
  private static final DecoderConfig STACK = DecoderConfig.of(2, 32, 2);
  private static final RobertaConfig ROBERTA =
      new RobertaConfig(1, 16, 2, 32, 514, 1, 1e-5, 0.1, 0.1, 0.02);

  private VariantFixture() {}

  static Map<String, BlockConfig> all() {
    TokenDecoderConfig prefix = TokenDecoderConfig.prefix(2, STACK);
    Map<String, BlockConfig> all = new LinkedHashMap<>();
    all.put("prefix", block(EmbedderConfig.lookup(8), prefix));
    all.put(
        "projected lookup",
        block(
            embedder(
                EmbedderClass.LOOKUP,
                1,
                ProjectionMethod.PROJECTION_LAYER,
                new LookupConfig(32, 0.02)),
            prefix));
    all.put(
        "roberta",
        block(embedder(EmbedderClass.ROBERTA, 1, ProjectionMethod.NULL, ROBERTA), prefix));
    EmbedderConfig cls = embedder(EmbedderClass.ROBERTA_CLS, 1, ProjectionMethod.NULL, ROBERTA);
    all.put("roberta_cls summation", block(cls, neox(DecodingStrategy.SUMMATION)));
    all.put(
        "t5 cross-attention",
        block(
            cls,
            new TokenDecoderConfig(
                TokenDecoderClass.T5,
                ExpansionMethod.EXPANSION_LAYER,
                0,
                DecodingStrategy.CROSS_ATTENTION,
                new T5Config(32, 64, 16, 2, 2, 32, 128, 0.1, 1e-6))));
    all.put(
        "t5 embedder",
        block(
            embedder(
                EmbedderClass.T5,
                1,
                ProjectionMethod.NULL,
                new T5Config(16, 32, 8, 2, 2, 32, 128, 0.1, 1e-6)),
            prefix));
    all.put(
        "two embedding tokens",
        block(
            embedder(EmbedderClass.LOOKUP, 2, ProjectionMethod.NULL, new LookupConfig(16, 0.02)),
            TokenDecoderConfig.prefix(1, STACK)));
    all.put(
        "repeated context",
        block(
            EmbedderConfig.lookup(8),
            new TokenDecoderConfig(
                TokenDecoderClass.GPT_NEO_X,
                ExpansionMethod.NULL,
                2,
                DecodingStrategy.PREFIX,
                STACK)));
    BlockConfig roberta = all.get("roberta");
    all.put(
        "all losses",
        new BlockConfig(
            roberta.vocabSize(),
            roberta.blockLength(),
            roberta.embedder(),
            roberta.blockDecoder(),
            roberta.tokenDecoder(),
            new TokenDecodingLoss(true),
            new BlockDecodingLoss(true, 0.5, BlockLossType.CONTRASTIVE),
            new AutoEncodingLoss(true, 0.25)));
    return all;
  }

  private static BlockConfig block(EmbedderConfig embedder, TokenDecoderConfig tokenDecoder) {
    return new BlockConfig(64, 4, embedder, BlockDecoderConfig.of(STACK), tokenDecoder);
  }

  private static EmbedderConfig embedder(
      EmbedderClass cls, int tokens, ProjectionMethod method, EmbedderNetwork network) {
    return new EmbedderConfig(cls, tokens, 3, method, network);
  }

  private static TokenDecoderConfig neox(DecodingStrategy strategy) {
    return new TokenDecoderConfig(
        TokenDecoderClass.GPT_NEO_X, ExpansionMethod.EXPANSION_LAYER, 0, strategy, STACK);
  }
}
