package dev.pawl.model.tokenizer;

/** The vocabulary size a model has, after rows of padding (megatron.md 2.4). */
public final class PaddedVocabulary {
  /** The reference's default of {@code --make-vocab-size-divisible-by}. */
  public static final int DIVISIBLE_BY = 128;

  private PaddedVocabulary() {}

  /** Smallest multiple of {@code divisibleBy * tensorParallel} that holds {@code size} ids. */
  public static int size(int size, int divisibleBy, int tensorParallel) {
    if (size < 1 || divisibleBy < 1 || tensorParallel < 1) {
      throw new IllegalArgumentException(
          "size %d, divisible by %d, tensor parallel %d: all must be at least 1"
              .formatted(size, divisibleBy, tensorParallel));
    }
    long multiple = Math.multiplyExact((long) divisibleBy, tensorParallel);
    return Math.toIntExact((size + multiple - 1) / multiple * multiple);
  }
}
