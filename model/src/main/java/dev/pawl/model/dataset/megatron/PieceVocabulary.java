package dev.pawl.model.dataset.megatron;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Word pieces by id: what the masking of sentences has to know of a tokenizer. Immutable. */
public final class PieceVocabulary {
  private final Map<String, Integer> ids = new HashMap<>();
  private final boolean[] continues;
  private final int[] sentinels;

  private PieceVocabulary(List<String> pieces) {
    continues = new boolean[pieces.size()];
    List<Integer> found = new ArrayList<>();
    for (int id = 0; id < continues.length; id++) {
      String piece = pieces.get(id);
      Integer before = ids.put(piece, id);
      if (before != null) {
        throw new PawlException(
            FailureCause.CONFIG,
            "the vocabulary has the piece '%s' twice, as %d and %d; its pieces must differ"
                .formatted(piece, before, id));
      }
      continues[id] = piece.startsWith("##");
    }
    for (Integer id = ids.get("<extra_id_0>"); id != null; ) {
      found.add(id);
      id = ids.get("<extra_id_%d>".formatted(found.size()));
    }
    sentinels = found.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * A vocabulary of exactly these pieces.
   *
   * @param pieces by id; one that begins with {@code ##} continues a word
   * @throws PawlException CONFIG when a piece is there twice
   */
  public static PieceVocabulary of(List<String> pieces) {
    return new PieceVocabulary(pieces);
  }

  /**
   * The vocabulary of Megatron's BERT tokenizers: the lines of {@code vocab.txt}, then {@code
   * [BOS]} and {@code [EOS]} where they are absent, then {@code <extra_id_0>} and on.
   *
   * @param extraIds how many of the last there are
   */
  public static PieceVocabulary bert(List<String> lines, int extraIds) {
    List<String> pieces = new ArrayList<>(lines);
    for (String added : List.of("[BOS]", "[EOS]")) {
      if (!pieces.contains(added)) {
        pieces.add(added);
      }
    }
    for (int i = 0; i < extraIds; i++) {
      pieces.add("<extra_id_%d>".formatted(i));
    }
    return new PieceVocabulary(pieces);
  }

  /** Number of pieces; their ids are the numbers below it. */
  public int size() {
    return continues.length;
  }

  /** Whether a piece continues a word. */
  boolean continuesWord(int id) {
    return continues[id];
  }

  /**
   * The id of a special piece.
   *
   * @throws PawlException CONFIG when there is no such piece
   */
  int special(String piece) {
    Integer id = ids.get(piece);
    if (id == null) {
      throw new PawlException(
          FailureCause.CONFIG,
          "the vocabulary of %d pieces lacks '%s', which samples are made with"
              .formatted(size(), piece));
    }
    return id;
  }

  /** Ids of {@code <extra_id_0>} and on. */
  int[] sentinels() {
    return sentinels.clone();
  }
}
