package dev.pawl.model.architecture;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.ModelConfig;
import java.util.List;

/**
 * Parameters of a model by part, as papers count them (block-transformer.md 2.3). A vanilla model
 * is one decoder and two tables.
 *
 * @param embedder table, encoder and projection of a block model's embedder
 * @param blockDecoder layers over blocks
 * @param tokenDecoder layers over tokens, and the expansion of contexts; no tables
 * @param tables input table and output matrix of the decoder over tokens, once where they are one
 * @param dead an input table that published block checkpoints carry and nothing reads
 */
public record ParameterCounts(
    long embedder, long blockDecoder, long tokenDecoder, long tables, long dead) {

  private static final String DEAD = "block_decoder.gpt_neox.embed_in.weight";

  /**
   * Counts a configuration's parameters from their names and shapes; its vocabulary must be known.
   */
  public static ParameterCounts of(ModelConfig config) {
    List<ParameterSpec> parameters = Architecture.of(config).parameters();
    long dead = 0;
    if (config instanceof BlockConfig block) {
      dead = (long) block.vocabSize() * block.blockDecoder().config().hiddenSize();
    }
    long embedder = 0;
    long blockDecoder = 0;
    long tokenDecoder = 0;
    long tables = 0;
    for (ParameterSpec parameter : parameters) {
      String name = parameter.name();
      if (name.startsWith("embedder.")) {
        embedder += parameter.size();
      } else if (name.startsWith("block_decoder.")) {
        blockDecoder += name.equals(DEAD) ? 0 : parameter.size();
      } else if (isTable(name)) {
        tables += parameter.size();
      } else {
        tokenDecoder += parameter.size();
      }
    }
    return new ParameterCounts(embedder, blockDecoder, tokenDecoder, tables, dead);
  }

  private static boolean isTable(String name) {
    return name.endsWith("gpt_neox.embed_in.weight")
        || name.endsWith("embed_out.weight")
        || name.endsWith("lm_head.weight")
        || name.endsWith("decoder.embed_tokens.weight")
        || name.endsWith("decoder.shared.weight");
  }

  /** What is trained: everything but the dead table. */
  public long total() {
    return embedder + blockDecoder + tokenDecoder + tables;
  }

  /** What a published checkpoint holds, tables that are one counted once. */
  public long stateDict() {
    return total() + dead;
  }

  /** Layers over blocks and over tokens: neither tables nor embedder. */
  public long nonEmbedding() {
    return blockDecoder + tokenDecoder;
  }
}
