package dev.pawl.model.generation;

import java.util.OptionalInt;

/**
 * How tokens are chosen and when a sequence ends.
 *
 * @param positions inside a block; vanilla models have only one way
 * @param endOfText id that ends a sequence; none to go on to the full length
 * @param temperature 0 for the most likely token; above it tokens are drawn
 * @param topK draw among so many of the most likely tokens; 0 for all
 * @param topP draw among the most likely tokens that make up this share; 1 for all
 * @param seed of the draws
 */
public record GenerationSettings(
    PositionMode positions,
    OptionalInt endOfText,
    double temperature,
    int topK,
    double topP,
    long seed) {

  public GenerationSettings {
    if (!(temperature >= 0) || topK < 0 || !(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException(
          "temperature %s, top_k %d, top_p %s: they must be 0 or more, 0 or more, and above 0 up to 1"
              .formatted(temperature, topK, topP));
    }
  }

  /** The most likely tokens up to the full length, at the positions of training. */
  public static GenerationSettings greedy() {
    return new GenerationSettings(PositionMode.TRAINING, OptionalInt.empty(), 0, 0, 1, 0);
  }

  /** Ending at a token. */
  public GenerationSettings endingAt(int id) {
    return new GenerationSettings(positions, OptionalInt.of(id), temperature, topK, topP, seed);
  }

  /** At other positions. */
  public GenerationSettings at(PositionMode mode) {
    return new GenerationSettings(mode, endOfText, temperature, topK, topP, seed);
  }

  /** With drawn tokens. */
  public GenerationSettings sampling(
      double newTemperature, int newTopK, double newTopP, long newSeed) {
    return new GenerationSettings(positions, endOfText, newTemperature, newTopK, newTopP, newSeed);
  }
}
