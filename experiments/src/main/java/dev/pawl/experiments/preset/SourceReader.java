package dev.pawl.experiments.preset;

import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.experiments.yaml.Overrides;
import dev.pawl.experiments.yaml.YamlNode;
import dev.pawl.experiments.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads presets and model files, and follows {@code preset:} and {@code file:}. Mistakes go to the
 * problems, a line each; what is ignored goes to the notes.
 */
final class SourceReader {
  private static final String MODEL = "model";
  private static final String TRAINING = "training";

  private final List<String> problems;
  private final List<String> notes;

  /** Places being read, to notice a file that ends in itself. */
  private final Deque<String> open = new ArrayDeque<>();

  /** Put over what is read first. */
  private List<String> overrides;

  SourceReader(List<String> problems, List<String> notes, List<String> overrides) {
    this.problems = problems;
    this.notes = notes;
    this.overrides = overrides;
  }

  /**
   * The preset of a name, or else a file.
   *
   * @param beside the folder that a file not found as given is looked for in
   */
  @Nullable ModelSource nameOrFile(String text, Path beside) {
    Optional<String> preset = Presets.text(text);
    if (preset.isPresent()) {
      return read(text, Presets.place(text), preset.get(), beside);
    }
    Path file = find(text, beside);
    if (file == null && text.endsWith(".yaml")) {
      String name = text.substring(0, text.length() - ".yaml".length());
      preset = Presets.text(name);
      if (preset.isPresent()) {
        return read(name, Presets.place(name), preset.get(), beside);
      }
    }
    if (file == null) {
      problems.add("no model '%s': neither a preset%s nor a file".formatted(text, nearest(text)));
      return null;
    }
    return file(file);
  }

  /** Puts what {@code preset} or {@code file} name under the keys beside them. */
  YamlNode expand(YamlNode node, String key, boolean training, Path beside) {
    YamlNode preset = node.get(Merge.PRESET);
    YamlNode file = node.get(Merge.FILE);
    YamlNode named = preset == null ? file : preset;
    if (named == null) {
      return node;
    }
    YamlNode rest = node.without(List.of(Merge.PRESET, Merge.FILE));
    String text = named.scalar();
    if (text == null || (preset != null && file != null)) {
      problem(
          named,
          key + (preset == null ? ".file" : ".preset"),
          text == null
              ? "is %s, one name is needed".formatted(named.kind())
              : "preset and file are both given; give one");
      return rest;
    }
    ModelSource source =
        preset == null ? file(named, key, text, beside) : preset(named, key, text, beside);
    if (source == null) {
      return rest;
    }
    YamlNode base = training ? source.training() : source.model();
    if (base == null) {
      problem(named, key, source.place() + " says nothing of training");
      return rest;
    }
    return Merge.over(base, rest);
  }

  private @Nullable ModelSource preset(YamlNode at, String key, String name, Path beside) {
    Optional<String> text = Presets.text(name);
    if (text.isEmpty()) {
      problem(at, key + ".preset", "no preset '%s'%s".formatted(name, nearest(name)));
      return null;
    }
    return read(name, Presets.place(name), text.get(), beside);
  }

  private @Nullable ModelSource file(YamlNode at, String key, String text, Path beside) {
    Path file = find(text, beside);
    if (file == null) {
      problem(at, key + ".file", "no file %s, here or in %s".formatted(text, shown(beside)));
      return null;
    }
    return file(file);
  }

  private static @Nullable Path find(String text, Path beside) {
    Path given = Path.of(text);
    Path near = beside.resolve(given);
    if (Files.isRegularFile(given)) {
      return given;
    }
    return Files.isRegularFile(near) ? near : null;
  }

  private @Nullable ModelSource file(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      String name = file.getFileName().toString().replaceAll("([.]yaml|[.]yml)+$", "");
      return read(
          name, file.toString(), Files.readString(file), folder == null ? Path.of("") : folder);
    } catch (IOException e) {
      problems.add("%s: cannot be read: %s".formatted(file, e));
      return null;
    }
  }

  private @Nullable ModelSource read(String name, String place, String text, Path beside) {
    if (open.contains(place)) {
      problems.add("%s: ends in itself, by way of %s".formatted(place, open));
      return null;
    }
    YamlNode root = YamlReader.file(place, text, problems);
    if (root == null) {
      return null;
    }
    Map<String, YamlNode> fields = root.fields();
    if (fields == null || fields.containsKey("models")) {
      problems.add(
          place
              + (fields == null
                  ? ":1: a mapping of keys is needed"
                  : ": an experiment, which may have many models; a file of one has it under model"));
      return null;
    }
    Overrides.apply(root, overrides, problems);
    overrides = List.of();
    if (BareModel.is(fields)) {
      return new ModelSource(name, place, root, null, false);
    }
    YamlNode model = fields.get(MODEL);
    if (model == null || model.fields() == null) {
      return new TrainerFile(place, problems, notes).read(name, root);
    }
    open.addLast(place);
    try {
      return own(name, place, fields, model, beside);
    } finally {
      open.removeLast();
    }
  }

  private ModelSource own(
      String name, String place, Map<String, YamlNode> fields, YamlNode model, Path beside) {
    fields.forEach(
        (key, value) -> {
          if (!key.equals(MODEL) && !key.equals(TRAINING)) {
            problem(value, key, "unknown key, known keys: model, training");
          }
        });
    YamlNode training = fields.get(TRAINING);
    return new ModelSource(
        name,
        place,
        expand(model, MODEL, false, beside),
        training == null ? null : expand(training, TRAINING, true, beside),
        true);
  }

  private static String nearest(String name) {
    return Nearest.to(name, Presets.names())
        .map(found -> " (nearest: %s)".formatted(found))
        .orElse(" ('pawl model list' shows them)");
  }

  private static String shown(Path folder) {
    return folder.toAbsolutePath().normalize().toString();
  }

  private void problem(YamlNode at, String key, String what) {
    problems.add("%s: %s: %s".formatted(at.place(), key, what));
  }
}
