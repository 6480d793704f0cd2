package dev.pawl.model.weights;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Compares the tensors of a file with those of a model by name and shape, from the headers alone.
 * Different head counts cannot be seen.
 */
public final class WeightCheck {
  // What other programs leave in their files and no model here has (block-transformer.md 3.1).
  private static final Pattern LEFTOVER =
      Pattern.compile(
          ".*\\.attention\\.(bias|masked_bias|rotary_emb\\.inv_freq)"
              + "|.*\\.embeddings\\.(position_ids|token_type_ids)");

  /** The block decoder's input table, which nothing reads (block-transformer.md 3.2). */
  public static final String DEAD_TABLE = "block_decoder.gpt_neox.embed_in.weight";

  private WeightCheck() {}

  /** Whether a tensor may stand in a file of any model without belonging to it. */
  public static boolean isLeftover(String name) {
    return name.equals(DEAD_TABLE) || LEFTOVER.matcher(name).matches();
  }

  /**
   * Requires that a file holds every tensor of a model in its shape, and none besides.
   *
   * @param wanted shape by name
   * @param optional names that may be missing; their shape is checked where they are there
   * @param cause CONFIG where the user said which model it is, DATA where the file did
   * @throws PawlException that lists every difference and what probably made them
   */
  public static void require(
      WeightFiles files, Map<String, List<Long>> wanted, Set<String> optional, FailureCause cause) {
    Map<String, List<Long>> found = files.shapes();
    List<String> problems = new ArrayList<>();
    wanted.forEach(
        (name, shape) -> {
          List<Long> there = found.get(name);
          if (there == null) {
            if (!optional.contains(name)) {
              problems.add("%s %s is missing".formatted(name, shape));
            }
          } else if (!there.equals(shape)) {
            problems.add(
                "%s has shape %s in the file, %s in the model".formatted(name, there, shape));
          } else if (files.entry(name).format().isEmpty()) {
            problems.add("%s has type %s".formatted(name, files.entry(name).type()));
          }
        });
    found.forEach(
        (name, shape) -> {
          if (!wanted.containsKey(name) && !isLeftover(name)) {
            problems.add("%s %s is not in the model".formatted(name, shape));
          }
        });
    if (!problems.isEmpty()) {
      throw new PawlException(
          cause,
          "%s does not fit the model%s%nAll differences:%n  %s"
              .formatted(
                  files.place(), causes(found, wanted), String.join("%n  ".formatted(), problems)));
    }
  }

  private static String causes(Map<String, List<Long>> found, Map<String, List<Long>> wanted) {
    String there = ModelSizes.kind(found.keySet());
    String here = ModelSizes.kind(wanted.keySet());
    if (!there.equals(here)) {
      return ": the file holds %s, the configuration says %s.".formatted(there, here);
    }
    Map<String, Long> sizesThere = ModelSizes.of(found);
    Map<String, Long> sizesHere = ModelSizes.of(wanted);
    List<String> causes = new ArrayList<>();
    sizesHere.forEach(
        (key, size) -> {
          Long other = sizesThere.get(key);
          if (other != null && !other.equals(size)) {
            causes.add("%s is %d in the file, %d in the model".formatted(key, other, size));
          }
        });
    return causes.isEmpty() ? ":" : ". Probable cause: " + String.join("; ", causes) + ".";
  }
}
