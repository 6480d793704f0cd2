package dev.pawl.experiments.preset;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.model.architecture.ParameterCounts;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Parameters of the presets against the published programs' own counts (block-transformer.md 2.3).
 */
class PresetParametersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        // name, state dict, without dead, embedder, block decoder, token decoder without tables
        "block_main_b4_5 46724096 33846272 3219456 2369792 2501376",
        "block_main_b4_19 103147520 77391872 6438912 9458176 9983488",
        "block_main_b4_85 211797504 173164032 9658368 42528768 43709952",
        "block_main_b4_85_flop_v70 211797504 173164032 9658368 42528768 43709952",
        "block_main_b4_300 471824384 420313088 12877824 151156736 153255936",
        "block_main_b4_300_flop_v70 471824384 420313088 12877824 151156736 153255936",
        "block_main_b4_800 1148956672 1045934080 25755648 402870272 411262976",
        "block_main_b4_800_flop_v70 1148956672 1045934080 25755648 402870272 411262976",
        "block_main_b4_1.2b 1551822848 1448800256 25755648 604303360 612696064",
        "block_main_b4_1.2b_flop_v70 1551822848 1448800256 25755648 604303360 612696064",
        "block_vanilla_ablation_b1_85 240182016 201548544 38633472 42528768 43119360",
        "block_ablation_b4_85_lookup_prefix 211206912 172573440 9658368 42528768 43119360",
        "block_ablation_b4_85_roberta_prefix 217715200 179081728 16166656 42528768 43119360",
        "block_ablation_b4_85_cls_sum 219290368 180656896 15970048 42528768 44891136",
        "block_ablation_b4_85_cls_cross_attn 194766208 156132736 15970048 42528768 59000448",
        "block_megabyte_b4_5 33849344 20971520 3219456 3949312 924928",
        "block_megabyte_b4_19 77398016 51642368 6438912 15762944 3684864",
        "block_megabyte_b4_85 191956736 153323264 9658368 77968128 14185472",
        "block_uptrain_b4_85_10 243132672 204499200 40993536 42528768 43709952",
        "block_uptrain_b4_300_10 514653184 463141888 55706624 151156736 153255936",
        "block_uptrain_b4_800_10 1243002880 1139980288 119801856 402870272 411262976"
      })
  void blockModel(
      String name,
      long stateDict,
      long total,
      long embedder,
      long blockDecoder,
      long tokenDecoder) {
    ParameterCounts counts = ParameterCounts.of(ModelFiles.load(name).model());
    assertEquals(stateDict, counts.stateDict());
    assertEquals(total, counts.total());
    assertEquals(embedder, counts.embedder());
    assertEquals(blockDecoder, counts.blockDecoder());
    assertEquals(tokenDecoder, counts.tokenDecoder());
    assertEquals(blockDecoder + tokenDecoder, counts.nonEmbedding());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "vanilla_31 39950336 14194688",
        "vanilla_70 70426624 18915328",
        "vanilla_160 162322944 85056000",
        "vanilla_410 405334016 302311424"
      })
  void vanillaModel(String name, long total, long nonEmbedding) {
    ParameterCounts counts = ParameterCounts.of(ModelFiles.load(name).model());
    assertEquals(total, counts.total());
    assertEquals(total, counts.stateDict());
    assertEquals(nonEmbedding, counts.nonEmbedding());
  }

  @Test
  void smallestVanillaModelWithTheWidthOfThePaper() {
    VanillaConfig model = new VanillaConfig(50304, DecoderConfig.of(6, 256, 8));
    ParameterCounts counts = ParameterCounts.of(model);
    assertEquals(30_494_720, counts.total());
    assertEquals(4_739_072, counts.nonEmbedding());
  }

  @Test
  void tiedTablesAreStoredOnceMoreForEachName() {
    ParameterCounts counts =
        ParameterCounts.of(ModelFiles.load("block_ablation_b4_85_cls_cross_attn").model());
    assertEquals(50304 * 768, counts.tables());
    assertEquals(2 * counts.tables(), counts.repeated());
  }
}
