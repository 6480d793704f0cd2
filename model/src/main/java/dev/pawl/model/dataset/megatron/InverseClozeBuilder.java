package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.PythonRandom;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes samples of the inverse cloze task out of blocks (megatron.md 8). Thread-safe. */
final class InverseClozeBuilder {
  /** {@code [CLS]} and two {@code [SEP]}. */
  static final int SPECIAL_TOKENS = 3;

  private final int seqLength;
  private final double queryInBlock;
  private final int cls;
  private final int sep;
  private final int pad;

  /**
   * A builder.
   *
   * @param queryInBlock share of the samples whose block keeps the sentence, such as 0.1
   */
  InverseClozeBuilder(PieceVocabulary vocabulary, int seqLength, double queryInBlock) {
    this.seqLength = seqLength;
    this.queryInBlock = queryInBlock;
    cls = vocabulary.special("[CLS]");
    sep = vocabulary.special("[SEP]");
    pad = vocabulary.special("[PAD]");
  }

  /**
   * A sample.
   *
   * @throws PawlException CONFIG when the title leaves the block no room
   */
  InverseClozeExample build(List<int[]> block, int[] title, PythonRandom random) {
    int room = seqLength - SPECIAL_TOKENS - title.length;
    if (room < 0) {
      throw new PawlException(
          FailureCause.CONFIG,
          "a title of %d tokens leaves no room in a sample of %d; raise seq_length"
              .formatted(title.length, seqLength));
    }
    List<int[]> context = new ArrayList<>(block);
    int chosen = (int) random.randint(0, block.size() - 1L);
    if (random.nextDouble() >= queryInBlock) {
      context.remove(chosen);
    }
    int[] sentence = block.get(chosen);
    int[] query = new int[Math.min(sentence.length, seqLength - 2) + 2];
    query[0] = cls;
    System.arraycopy(sentence, 0, query, 1, query.length - 2);
    query[query.length - 1] = sep;
    int[] text = context.stream().flatMapToInt(Arrays::stream).limit(room).toArray();
    int[] whole = new int[title.length + text.length + SPECIAL_TOKENS];
    whole[0] = cls;
    System.arraycopy(title, 0, whole, 1, title.length);
    whole[title.length + 1] = sep;
    System.arraycopy(text, 0, whole, title.length + 2, text.length);
    whole[whole.length - 1] = sep;
    return new InverseClozeExample(padded(query), mask(query), padded(whole), mask(whole));
  }

  private int[] padded(int[] tokens) {
    int[] all = Arrays.copyOf(tokens, seqLength);
    Arrays.fill(all, tokens.length, seqLength, pad);
    return all;
  }

  private int[] mask(int[] tokens) {
    int[] mask = new int[seqLength];
    Arrays.fill(mask, 0, tokens.length, 1);
    return mask;
  }
}
