package dev.pawl.model.weights;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.ParameterSpec;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

  private final WeightFiles files;
  private final Map<String, List<Long>> found;
  private final Map<String, List<Long>> wanted = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private WeightCheck(WeightFiles files) {
    this.files = files;
    this.found = files.shapes();
  }

  /** Whether a tensor may stand in a file of any model without belonging to it. */
  public static boolean isLeftover(String name) {
    return name.equals(DEAD_TABLE) || LEFTOVER.matcher(name).matches();
  }

  /**
   * Requires that a file holds every tensor of a model in its shape, and none besides. Of a tensor
   * with several names one is enough; what nothing reads may be missing.
   *
   * @param cause CONFIG where the user said which model it is, DATA where the file did
   * @return the name in the file of each parameter that is there
   * @throws PawlException that lists every difference and what probably made them
   */
  public static Map<String, String> match(
      WeightFiles files, Architecture architecture, FailureCause cause) {
    WeightCheck check = new WeightCheck(files);
    Map<String, String> matches = new LinkedHashMap<>();
    Set<String> known = new HashSet<>();
    for (ParameterSpec parameter : architecture.parameters()) {
      List<String> names = new ArrayList<>(List.of(parameter.name()));
      names.addAll(parameter.aliases());
      known.addAll(names);
      List<String> there = names.stream().filter(check.found::containsKey).toList();
      there.forEach(name -> check.compare(name, parameter.shape()));
      check.wanted.put(parameter.name(), parameter.shape());
      if (!there.isEmpty()) {
        matches.put(parameter.name(), there.get(0));
      } else if (parameter.trained()) {
        check.missing(parameter.name(), parameter.shape());
      }
    }
    check.found.forEach(
        (name, shape) -> {
          if (!known.contains(name) && !isLeftover(name)) {
            check.problems.add("%s %s is not in the model".formatted(name, shape));
          }
        });
    check.finish(cause);
    return matches;
  }

  /** Requires that a file holds these tensors in these shapes; it may hold others. */
  public static void requireAll(WeightFiles files, Map<String, List<Long>> shapes) {
    WeightCheck check = new WeightCheck(files);
    check.wanted.putAll(shapes);
    shapes.forEach(
        (name, shape) -> {
          if (check.found.containsKey(name)) {
            check.compare(name, shape);
          } else {
            check.missing(name, shape);
          }
        });
    check.finish(FailureCause.DATA);
  }

  private void missing(String name, List<Long> shape) {
    problems.add("%s %s is missing".formatted(name, shape));
  }

  private void compare(String name, List<Long> shape) {
    SafetensorsEntry entry = files.entry(name);
    if (!entry.shape().equals(shape)) {
      problems.add(
          "%s has shape %s in the file, %s in the model".formatted(name, entry.shape(), shape));
    } else if (entry.format().isEmpty()) {
      problems.add(
          "%s has type %s; weights are read from F64, F32, F16 and BF16"
              .formatted(name, entry.type()));
    }
  }

  private void finish(FailureCause cause) {
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
