package dev.pawl.model.measurement;

import java.util.List;
import java.util.Optional;

/**
 * What the paper measured on one H100 (block-transformer.md 8): 2048 tokens in and 128 out, and 128
 * in and 2048 out, at the largest batch.
 *
 * @param preset name of the model
 * @param prefillMegabytes memory of a sample, prefill-heavy
 * @param decodeMegabytes memory of a sample, decode-heavy
 * @param prefillRate thousand tokens a second, prefill-heavy
 * @param decodeRate thousand tokens a second, decode-heavy
 */
public record PublishedRates(
    String preset,
    double prefillMegabytes,
    double decodeMegabytes,
    double prefillRate,
    double decodeRate) {

  /** Prompt and new tokens, the larger of the two. */
  public static final int LONG = 2048;

  /** The smaller. */
  public static final int SHORT = 128;

  /** All rows, vanilla models first. */
  public static final List<PublishedRates> ALL =
      List.of(
          new PublishedRates("vanilla_31", 355.0, 38.5, 10.8, 41.6),
          new PublishedRates("vanilla_70", 390.0, 76.8, 6.9, 19.1),
          new PublishedRates("vanilla_160", 675.0, 229.6, 2.3, 6.2),
          new PublishedRates("vanilla_410", 1140.0, 608.2, 0.8, 2.1),
          new PublishedRates("block_main_b4_5", 25.0, 5.0, 272.3, 809.5),
          new PublishedRates("block_main_b4_19", 48.9, 9.9, 175.3, 421.4),
          new PublishedRates("block_main_b4_85", 56.3, 29.1, 59.0, 134.7),
          new PublishedRates("block_main_b4_300", 105.0, 77.2, 21.0, 44.1),
          new PublishedRates("block_main_b4_800", 130.2, 102.8, 19.8, 42.5),
          new PublishedRates("block_main_b4_1.2b", 194.2, 153.9, 12.4, 25.7));

  /** The row of a preset. */
  public static Optional<PublishedRates> of(String preset) {
    return ALL.stream().filter(row -> row.preset.equals(preset)).findFirst();
  }
}
