package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
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
import dev.pawl.model.config.VanillaConfig;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The exact counts of block-transformer.md 2.3. */
class ParameterCountTest {
  private static final int VOCABULARY = 50_304;

  // Stacks are layers x hidden / heads. R 0 is summation, -1 T5 cross-attention.
  @ParameterizedTest
  @CsvSource({
    "b4_5, 4, lookup, 3, 256, 8, 3, 256, 8, 2, 46724096, 33846272, 3219456, 2369792, 2501376",
    "b4_19, 4, lookup, 3, 512, 8, 3, 512, 8, 2, 103147520, 77391872, 6438912, 9458176, 9983488",
    "b4_85, 4, lookup, 6, 768, 12, 6, 768, 12, 2, 211797504, 173164032, 9658368, 42528768, 43709952",
    "b4_300, 4, lookup, 12, 1024, 16, 12, 1024, 16, 2, 471824384, 420313088, 12877824, 151156736, 153255936",
    "b4_800, 4, lookup, 8, 2048, 16, 8, 2048, 16, 2, 1148956672, 1045934080, 25755648, 402870272, 411262976",
    "b4_1.2b, 4, lookup, 12, 2048, 16, 12, 2048, 16, 2, 1551822848, 1448800256, 25755648, 604303360, 612696064",
    "b1_85, 1, lookup, 6, 768, 12, 6, 768, 12, 1, 240182016, 201548544, 38633472, 42528768, 43119360",
    "lookup_prefix, 4, lookup, 6, 768, 12, 6, 768, 12, 1, 211206912, 172573440, 9658368, 42528768, 43119360",
    "roberta_prefix, 4, roberta, 6, 768, 12, 6, 768, 12, 1, 217715200, 179081728, 16166656, 42528768, 43119360",
    "cls_sum, 4, roberta_cls, 6, 768, 12, 6, 768, 12, 0, 219290368, 180656896, 15970048, 42528768, 44891136",
    "cls_cross_attn, 4, roberta_cls, 6, 768, 12, 6, 768, 12, -1, 194766208, 156132736, 15970048, 42528768, 59000448",
    "megabyte_5, 4, lookup, 5, 256, 8, 4, 128, 4, 0, 33849344, 20971520, 3219456, 3949312, 924928",
    "megabyte_19, 4, lookup, 5, 512, 8, 4, 256, 8, 0, 77398016, 51642368, 6438912, 15762944, 3684864",
    "megabyte_85, 4, lookup, 11, 768, 12, 4, 512, 8, 0, 191956736, 153323264, 9658368, 77968128, 14185472",
    "uptrain_85, 4, projected, 6, 768, 12, 6, 768, 12, 2, 243132672, 204499200, 40993536, 42528768, 43709952",
    "uptrain_300, 4, projected, 12, 1024, 16, 12, 1024, 16, 2, 514653184, 463141888, 55706624, 151156736, 153255936",
    "uptrain_800, 4, projected, 8, 2048, 16, 8, 2048, 16, 2, 1243002880, 1139980288, 119801856, 402870272, 411262976"
  })
  void blockModels(
      String name,
      int blockLength,
      String embedder,
      int blockLayers,
      int blockHidden,
      int blockHeads,
      int tokenLayers,
      int tokenHidden,
      int tokenHeads,
      int ratio,
      long stored,
      long withoutDead,
      long embedderCount,
      long blockCount,
      long tokenCountWithoutTables) {
    DecoderConfig token = DecoderConfig.of(tokenLayers, tokenHidden, tokenHeads);
    Architecture found =
        Architecture.of(
            new BlockConfig(
                VOCABULARY,
                blockLength,
                embedder(embedder, blockHidden),
                BlockDecoderConfig.of(DecoderConfig.of(blockLayers, blockHidden, blockHeads)),
                tokenDecoder(ratio, token)));
    assertEquals(stored, found.storedCount(), name);
    assertEquals(withoutDead, found.parameterCount(), name);
    assertEquals(embedderCount, count(found, "embedder."));
    assertEquals(blockCount, count(found, "block_decoder."));
    long tables = (ratio < 0 ? 1L : 2L) * VOCABULARY * tokenHidden;
    assertEquals(tokenCountWithoutTables, count(found, "token_decoder.") - tables);
  }

  @ParameterizedTest
  @CsvSource({
    "6, 256, 8, 4096, 39950336",
    "6, 256, 8, 1024, 30494720",
    "6, 512, 8, 2048, 70426624",
    "12, 768, 12, 3072, 162322944",
    "24, 1024, 16, 4096, 405334016"
  })
  void vanillaModels(int layers, int hidden, int heads, int intermediate, long total) {
    Architecture found =
        Architecture.of(
            new VanillaConfig(
                VOCABULARY,
                new DecoderConfig(layers, hidden, heads, intermediate, 0.25, 10000, 1e-5, 0.02)));
    assertEquals(total, found.parameterCount());
    assertEquals(total, found.storedCount());
  }

  @Test
  void checkpointsHoldTheDeadTableAndEveryAlias() {
    Architecture t5 = Architecture.of(GoldenModel.named("T5 cross-attention"));
    Set<String> names =
        t5.parameters().stream()
            .flatMap(p -> Stream.concat(Stream.of(p.name()), p.aliases().stream()))
            .collect(Collectors.toSet());
    assertTrue(
        names.containsAll(
            List.of(
                "token_decoder.shared.weight",
                "token_decoder.decoder.embed_tokens.weight",
                "token_decoder.lm_head.weight",
                "block_decoder.gpt_neox.embed_in.weight",
                "token_decoder.decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
                "token_decoder.decoder.block.1.layer.1.EncDecAttention.q.weight",
                "token_decoder.decoder.block.1.layer.2.DenseReluDense.wi.weight",
                "token_decoder.decoder.final_layer_norm.weight",
                "embedder.encoder.layer.0.attention.output.LayerNorm.bias")),
        names.toString());
    assertEquals(
        List.of("block_decoder.gpt_neox.embed_in.weight"),
        t5.parameters().stream().filter(p -> !p.trained()).map(ParameterSpec::name).toList());
  }

  private static long count(Architecture architecture, String prefix) {
    return architecture.trained().stream()
        .filter(p -> p.name().startsWith(prefix))
        .mapToLong(ParameterSpec::size)
        .sum();
  }

  private static EmbedderConfig embedder(String name, int blockHidden) {
    EmbedderNetwork roberta = new RobertaConfig(3, 256, 8, 1024, 514, 1, 1e-5, 0.1, 0.1, 0.02);
    return switch (name) {
      case "lookup" -> EmbedderConfig.lookup(0);
      case "projected" ->
          new EmbedderConfig(
              EmbedderClass.LOOKUP,
              1,
              3,
              ProjectionMethod.PROJECTION_LAYER,
              new LookupConfig(blockHidden, 0.02));
      case "roberta" ->
          new EmbedderConfig(EmbedderClass.ROBERTA, 1, 3, ProjectionMethod.NULL, roberta);
      default ->
          new EmbedderConfig(EmbedderClass.ROBERTA_CLS, 1, 3, ProjectionMethod.NULL, roberta);
    };
  }

  private static TokenDecoderConfig tokenDecoder(int ratio, DecoderConfig stack) {
    if (ratio > 0) {
      return TokenDecoderConfig.prefix(ratio, stack);
    }
    if (ratio == 0) {
      return new TokenDecoderConfig(
          TokenDecoderClass.GPT_NEO_X,
          ExpansionMethod.EXPANSION_LAYER,
          0,
          DecodingStrategy.SUMMATION,
          stack);
    }
    return new TokenDecoderConfig(
        TokenDecoderClass.T5,
        ExpansionMethod.EXPANSION_LAYER,
        0,
        DecodingStrategy.CROSS_ATTENTION,
        new T5Config(768, 3072, 64, 6, 12, 32, 128, 0.1, 1e-6));
  }
}
