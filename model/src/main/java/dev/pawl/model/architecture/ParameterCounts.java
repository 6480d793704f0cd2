package dev.pawl.model.architecture;

import dev.pawl.model.config.ModelConfig;
import java.util.List;
import java.util.function.Predicate;

/**
 * Parameters of a model by part, as papers count them (block-transformer.md 2.3). A vanilla model
 * is one decoder over tokens and its tables.
 *
 * @param embedder table, encoder and projection of a block model's embedder
 * @param blockDecoder layers over blocks
 * @param tokenDecoder layers over tokens, and the expansion of contexts; no tables
 * @param tables input table and output matrix of the decoder over tokens, once where they are one
 * @param dead what checkpoints hold though nothing reads it
 * @param repeated what checkpoints hold once more under further names
 */
public record ParameterCounts(
    long embedder, long blockDecoder, long tokenDecoder, long tables, long dead, long repeated) {

  private static final List<String> TABLES =
      List.of("gpt_neox.embed_in.weight", "embed_out.weight", "token_decoder.shared.weight");

  /** Counts a configuration's parameters by name and shape; its vocabulary must be known. */
  public static ParameterCounts of(ModelConfig config) {
    List<ParameterSpec> parameters = Architecture.of(config).parameters();
    List<ParameterSpec> trained = parameters.stream().filter(ParameterSpec::trained).toList();
    long all = sum(trained, name -> true);
    long embedder = sum(trained, name -> name.startsWith("embedder."));
    long blockDecoder = sum(trained, name -> name.startsWith("block_decoder."));
    long tables = sum(trained, name -> TABLES.stream().anyMatch(name::endsWith));
    long repeated =
        parameters.stream().mapToLong(each -> each.size() * each.aliases().size()).sum();
    return new ParameterCounts(
        embedder,
        blockDecoder,
        all - embedder - blockDecoder - tables,
        tables,
        sum(parameters, name -> true) - all,
        repeated);
  }

  private static long sum(List<ParameterSpec> parameters, Predicate<String> of) {
    return parameters.stream()
        .filter(parameter -> of.test(parameter.name()))
        .mapToLong(ParameterSpec::size)
        .sum();
  }

  /** What takes part in the model. */
  public long total() {
    return embedder + blockDecoder + tokenDecoder + tables;
  }

  /** What a checkpoint holds, tensors of several names counted once. */
  public long stateDict() {
    return total() + dead;
  }

  /** The numbers in a checkpoint's file. */
  public long stored() {
    return stateDict() + repeated;
  }

  /** Layers over blocks and over tokens: neither tables nor embedder. */
  public long nonEmbedding() {
    return blockDecoder + tokenDecoder;
  }
}
