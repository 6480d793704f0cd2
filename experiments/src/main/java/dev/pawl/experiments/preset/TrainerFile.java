package dev.pawl.experiments.preset;

import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.experiments.yaml.YamlNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a trainer file of the published Block Transformer program (block-transformer.md 1.12) as a
 * model and a recipe in Pawl's keys. Every value keeps its line, so that what the binder finds is
 * reported there. What would change the result and cannot be honoured is a problem; what cannot
 * change it is named in a note.
 */
final class TrainerFile {
  private final String place;
  private final List<String> problems;
  private final List<String> notes;

  TrainerFile(String place, List<String> problems, List<String> notes) {
    this.place = place;
    this.problems = problems;
    this.notes = notes;
  }

  /**
   * The model and recipe of a file; mistakes are in the problems.
   *
   * @param fallback the name where the file gives none
   */
  @Nullable ModelSource read(String fallback, YamlNode written) {
    YamlNode root = lowerCaseBooleans(written);
    boolean block = root.get("block_length") != null || root.get("block_split") != null;
    if (!block && root.get("model") == null && root.get("model_name_or_path") == null) {
      problems.add(
          "%s:1: neither a model (keys model and training) nor a trainer file (block_length or model)"
              .formatted(place));
      return null;
    }
    known(root, "", TrainerKeys.top());
    foreign(root, block ? TrainerKeys.VANILLA : TrainerKeys.BLOCK, block);
    refuse(root);
    YamlNode model =
        block ? new TrainerSections(this, root).block() : new TrainerSections(this, root).vanilla();
    YamlNode training = training(root, block);
    ignored(root);
    YamlNode name = root.get("name");
    String named = name == null || name.scalar() == null ? fallback : name.scalar();
    return new ModelSource(named, place, model, training, false);
  }

  private YamlNode training(YamlNode root, boolean block) {
    Map<String, YamlNode> values = new LinkedHashMap<>();
    YamlNode training = new YamlNode(root.place(), null, values, null);
    copy(root, TrainerKeys.TRAINING, values);
    values.putIfAbsent("precision", YamlNode.scalar("trainer default", "bf16"));
    YamlNode accumulation = root.get("gradient_accumulation_steps");
    if (accumulation != null) {
      accumulate(accumulation, values);
    }
    if (block && root.get("random_pad_first_block") == null) {
      notes.add(
          "%s: random_pad_first_block and pad_to_block_boundary are not given: true, the trainer's"
                  .formatted(place)
              + " default of today; the first published runs had false");
    }
    return training;
  }

  // One device: the steps accumulate what one forward pass holds.
  private void accumulate(YamlNode steps, Map<String, YamlNode> training) {
    YamlNode micro = training.get("per_device_train_batch_size");
    if (training.containsKey("total_batch_size") || micro == null) {
      problem(
          steps,
          "gradient_accumulation_steps",
          "goes with per_device_train_batch_size, and not with total_batch_size; leave it out");
      return;
    }
    try {
      long total = Math.multiplyExact(whole(steps), whole(micro));
      training.put("total_batch_size", YamlNode.scalar(steps.place(), Long.toString(total)));
    } catch (NumberFormatException | ArithmeticException e) {
      problem(steps, "gradient_accumulation_steps", "a whole number is needed");
    }
  }

  private static long whole(YamlNode node) {
    return Long.parseLong(String.valueOf(node.scalar()));
  }

  private void refuse(YamlNode root) {
    only(root, "use_pretrained_weights", "false", "weights of a hub model are not read from here");
    only(root, "freeze", "false", "frozen parameters are not trained by this program");
    only(
        root,
        "batch_size_rampup_steps",
        null,
        "a batch that grows by steps is not read; training.rampup_batch_size grows it by samples");
    only(root, "adaptive_lr_auto_encoder", null, "it is not implemented, nor in the published one");
    YamlNode tokenizer = root.get("tokenizer");
    YamlNode first = tokenizer == null ? null : tokenizer.get("embedder");
    YamlNode second = tokenizer == null ? null : tokenizer.get("token_decoder");
    if (first != null
        && second != null
        && !String.valueOf(first.scalar()).equals(second.scalar())) {
      problem(
          second,
          "tokenizer.token_decoder",
          "one tokenizer serves embedder and token decoder here");
    }
  }

  /** Accepts a key only without value, or with the one value that changes nothing. */
  void only(YamlNode parent, String key, @Nullable String value, String why) {
    YamlNode given = parent.get(key);
    if (given != null && !String.valueOf(given.scalar()).equals(value)) {
      problem(given, key, "'%s': %s; leave it out".formatted(given.scalar(), why));
    }
  }

  private void ignored(YamlNode root) {
    Collection<String> keys = new ArrayList<>();
    for (String key : TrainerKeys.IGNORED) {
      YamlNode given = root.get(key);
      if (given != null && !"false".equals(given.scalar())) {
        keys.add(key);
      }
    }
    if (root.get("tokenizer") != null) {
      keys.add("tokenizer");
    }
    if (!keys.isEmpty()) {
      notes.add("%s: ignored: %s".formatted(place, String.join(", ", keys)));
    }
  }

  private void foreign(YamlNode root, List<String> keys, boolean block) {
    for (String key : keys) {
      YamlNode given = root.get(key);
      if (given != null) {
        problem(
            given,
            key,
            block
                ? "belongs to a vanilla model, but block_length makes this a block model"
                : "belongs to a block model, but there is no block_length");
      }
    }
  }

  /** Reports keys outside of a set. */
  void known(YamlNode mapping, String path, Set<String> keys) {
    if (mapping.fields() == null) {
      return;
    }
    mapping
        .fields()
        .forEach(
            (key, value) -> {
              if (!keys.contains(key)) {
                String nearest =
                    Nearest.to(key, keys)
                        .map(found -> ", nearest known key: " + found)
                        .orElse(", known keys: " + String.join(", ", keys));
                problem(value, path + key, "unknown key" + nearest);
              }
            });
  }

  /** Copies keys that have a value. */
  static void copy(YamlNode from, Collection<String> keys, Map<String, YamlNode> to) {
    for (String key : keys) {
      YamlNode value = from.get(key);
      if (value != null) {
        to.put(key, value);
      }
    }
  }

  void problem(YamlNode at, String key, String what) {
    problems.add("%s: %s: %s".formatted(at.place(), key, what));
  }

  void note(String what) {
    notes.add(place + ": " + what);
  }

  // The trainer's YAML takes True for true.
  private static YamlNode lowerCaseBooleans(YamlNode node) {
    String text = node.scalar();
    if (text != null) {
      String lower = text.toLowerCase(Locale.ROOT);
      boolean bool = lower.equals("true") || lower.equals("false");
      return bool ? YamlNode.scalar(node.place(), lower) : node;
    }
    if (node.fields() == null) {
      return node;
    }
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    node.fields().forEach((key, value) -> fields.put(key, lowerCaseBooleans(value)));
    return new YamlNode(node.place(), null, fields, null);
  }
}
