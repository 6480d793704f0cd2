package dev.pawl.model.weights;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ExpansionMethod;
import dev.pawl.model.config.LoadFromVanilla;
import dev.pawl.model.config.LookupConfig;
import dev.pawl.model.config.UptrainMethod;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes the tensors that a block model starts with out of those of a vanilla model
 * (block-transformer.md 1.10). Copied are the input table, to embedder and token decoder, final
 * norm and output matrix, to the token decoder, and the layers as the method says; the block
 * decoder's final norm is not.
 */
public final class Uptraining {
  private static final List<String> LAYER =
      List.of(
          "input_layernorm.weight",
          "input_layernorm.bias",
          "post_attention_layernorm.weight",
          "post_attention_layernorm.bias",
          "attention.query_key_value.weight",
          "attention.query_key_value.bias",
          "attention.dense.weight",
          "attention.dense.bias",
          "mlp.dense_h_to_4h.weight",
          "mlp.dense_h_to_4h.bias",
          "mlp.dense_4h_to_h.weight",
          "mlp.dense_4h_to_h.bias");

  private final VanillaConfig source;
  private final BlockConfig target;
  private final LoadFromVanilla settings;
  private final DecoderConfig block;
  private final Map<String, TensorData> made = new LinkedHashMap<>();

  private Uptraining(VanillaConfig source, BlockConfig target, LoadFromVanilla settings) {
    this.source = source;
    this.target = target;
    this.settings = settings;
    this.block = target.blockDecoder().config();
  }

  /**
   * The tensors of the block model that do not start at random, by name.
   *
   * @param vanilla the vanilla model's tensors by name
   * @throws PawlException CONFIG with every size that does not fit
   */
  public static Map<String, TensorData> tensors(
      VanillaConfig source,
      Function<String, TensorData> vanilla,
      BlockConfig target,
      LoadFromVanilla settings) {
    Uptraining uptraining = new Uptraining(source, target, settings);
    List<String> problems = uptraining.problems();
    if (!problems.isEmpty()) {
      throw new PawlException(
          FailureCause.CONFIG,
          "load_from_vanilla: the block model cannot start from this vanilla model: "
              + String.join("; ", problems));
    }
    return uptraining.make(vanilla);
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    DecoderConfig vanilla = source.modelConfig();
    if (source.vocabSize() != target.vocabSize()) {
      problems.add(
          "vocab_size is %d, the vanilla model's %d"
              .formatted(target.vocabSize(), source.vocabSize()));
    }
    compare("block_decoder.config", block, vanilla, problems);
    if (target.tokenDecoder().config() instanceof DecoderConfig token) {
      compare("token_decoder.config", token, vanilla, problems);
      layers(token.numHiddenLayers(), vanilla.numHiddenLayers(), problems);
    } else {
      problems.add("token_decoder.cls is not gpt-neo-x");
    }
    EmbedderConfig embedder = target.embedder();
    if (!(embedder.config() instanceof LookupConfig lookup)) {
      problems.add("embedder.cls is not lookup");
    } else if (lookup.hiddenSize() != vanilla.hiddenSize()) {
      problems.add(
          "embedder.config.hidden_size is %d, the vanilla model's hidden_size %d"
              .formatted(lookup.hiddenSize(), vanilla.hiddenSize()));
    }
    if (settings.initializeMeanEmbedderProjection() && !embedder.projects()) {
      problems.add(
          "initialize_mean_embedder_projection needs embedder.projection_method projection_layer");
    }
    if (settings.initializeIdentityExpansionLayer()
        && target.tokenDecoder().expansionMethod() != ExpansionMethod.EXPANSION_LAYER) {
      problems.add(
          "initialize_identity_expansion_layer needs token_decoder.expansion_method"
              + " expansion_layer");
    }
    return problems;
  }

  private void compare(
      String key, DecoderConfig here, DecoderConfig vanilla, List<String> problems) {
    size(key + ".hidden_size", here.hiddenSize(), vanilla.hiddenSize(), problems);
    size(key + ".intermediate_size", here.intermediateSize(), vanilla.intermediateSize(), problems);
    boolean sameHeads = here.numAttentionHeads() == vanilla.numAttentionHeads();
    if (!sameHeads && !settings.allowHeadMismatch()) {
      problems.add(
          "%s.num_attention_heads is %d, the vanilla model's %d: the copied attention would be"
                  .formatted(key, here.numAttentionHeads(), vanilla.numAttentionHeads())
              + " scrambled; give that number, or allow_head_mismatch: true");
    }
    boolean sameAngles = here.rotaryPct() == vanilla.rotaryPct();
    sameAngles &= here.rotaryEmbBase() == vanilla.rotaryEmbBase();
    if (!sameAngles) {
      problems.add(
          "%s.rotary_pct and rotary_emb_base are %s and %s, the vanilla model's %s and %s"
              .formatted(
                  key,
                  here.rotaryPct(),
                  here.rotaryEmbBase(),
                  vanilla.rotaryPct(),
                  vanilla.rotaryEmbBase()));
    }
  }

  private static void size(String key, int here, int vanilla, List<String> problems) {
    if (here != vanilla) {
      problems.add("%s is %d, the vanilla model's %d".formatted(key, here, vanilla));
    }
  }

  private void layers(int token, int vanilla, List<String> problems) {
    int blocks = block.numHiddenLayers();
    boolean fits =
        switch (settings.method()) {
          case PARTITION -> blocks + token == vanilla;
          case SKIP -> 2 * blocks == vanilla && 2 * token == vanilla;
          case DUPLICATE -> blocks == vanilla && token == vanilla;
        };
    if (!fits) {
      String rule =
          switch (settings.method()) {
            case PARTITION -> "method partition needs as many together";
            case SKIP -> "method skip needs half as many in each";
            case DUPLICATE -> "method duplicate needs as many in each";
          };
      problems.add(
          "%d layers of the block decoder and %d of the token decoder, %d of the vanilla model: %s"
              .formatted(blocks, token, vanilla, rule));
    }
  }

  private Map<String, TensorData> make(Function<String, TensorData> vanilla) {
    TensorData table = vanilla.apply("gpt_neox.embed_in.weight");
    made.put("embedder.embeddings.weight", table);
    made.put("token_decoder.gpt_neox.embed_in.weight", table);
    for (String name :
        List.of(
            "gpt_neox.final_layer_norm.weight",
            "gpt_neox.final_layer_norm.bias",
            "embed_out.weight")) {
      made.put("token_decoder." + name, vanilla.apply(name));
    }
    DecoderConfig token = (DecoderConfig) target.tokenDecoder().config();
    int blocks = block.numHiddenLayers();
    for (int i = 0; i < blocks; i++) {
      layer(vanilla, "block_decoder.", i, i * stride());
    }
    int after = settings.method() == UptrainMethod.PARTITION ? blocks : 0;
    for (int i = 0; i < token.numHiddenLayers(); i++) {
      layer(vanilla, "token_decoder.", i, after + i * stride());
    }
    if (settings.initializeMeanEmbedderProjection()) {
      meanProjection();
    }
    if (settings.initializeIdentityExpansionLayer()) {
      identityExpansion();
    }
    return made;
  }

  private int stride() {
    return settings.method() == UptrainMethod.SKIP ? 2 : 1;
  }

  private void layer(Function<String, TensorData> vanilla, String decoder, int to, int from) {
    for (String name : LAYER) {
      made.put(
          decoder + "gpt_neox.layers." + to + "." + name,
          vanilla.apply("gpt_neox.layers." + from + "." + name));
    }
  }

  // weight[o, i, k] is 1 / K where o = i.
  private void meanProjection() {
    long width = block.hiddenSize();
    long kernel =
        target.embedder().joinedTokens(target.blockLength()) / target.embedder().nEmbeddingTokens();
    made.put(
        "embedder.projection_layer.weight",
        new PatternData(
            List.of(width, width, kernel),
            at -> at / kernel / width == at / kernel % width ? 1.0 / kernel : 0));
    made.put("embedder.projection_layer.bias", zeros(width));
  }

  // R identities, one above the other.
  private void identityExpansion() {
    long width = block.hiddenSize();
    long rows = target.tokenDecoder().expansionRatio() * width;
    made.put(
        "token_decoder.expansion_layer.weight",
        new PatternData(List.of(rows, width, 1L), at -> at / width % width == at % width ? 1 : 0));
    made.put("token_decoder.expansion_layer.bias", zeros(rows));
  }

  private static TensorData zeros(long size) {
    return new PatternData(List.of(size), at -> 0);
  }
}
