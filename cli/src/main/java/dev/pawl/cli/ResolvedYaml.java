package dev.pawl.cli;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.yaml.Binder;
import dev.pawl.model.config.ModelConfig;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Prints an experiment's values as YAML, each with where it came from. */
final class ResolvedYaml {
  /** Text that YAML takes as it stands. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*");

  private final Map<String, String> sources;
  private final StringBuilder text = new StringBuilder();

  private ResolvedYaml(Map<String, String> sources) {
    this.sources = sources;
  }

  /** The experiment as planned: what follows from its files is filled in. */
  static String text(LoadedExperiment loaded, Plan plan) {
    Map<String, ModelConfig> models = new LinkedHashMap<>();
    plan.runs().forEach(run -> models.put(run.name(), run.model()));
    return text(loaded, models);
  }

  /** The first run of a sweep as planned. */
  static String firstRun(LoadedExperiment loaded, Plan plan) {
    String model = loaded.spec().models().keySet().iterator().next();
    return text(loaded, Map.of(model, plan.runs().get(0).model()));
  }

  private static String text(LoadedExperiment loaded, Map<String, ModelConfig> models) {
    Map<String, String> sources = new TreeMap<>(loaded.sources());
    models.forEach(
        (name, model) -> {
          ModelConfig asked = loaded.spec().models().get(name);
          if (asked == null || asked.vocabSize() != model.vocabSize()) {
            sources.put("models." + name + ".vocab_size", "derived from the tokenizer");
          }
        });
    ResolvedYaml yaml = new ResolvedYaml(sources);
    yaml.record(loaded.spec().withModels(models), "", 0);
    return yaml.text.toString();
  }

  private void record(Record value, String path, int depth) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      String key = Binder.snakeCase(component.getName());
      try {
        entry(
            key,
            component.getAccessor().invoke(value),
            path.isEmpty() ? key : path + "." + key,
            depth);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("component " + component + " cannot be read", e);
      }
    }
  }

  private void entry(String key, Object value, String path, int depth) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(found -> entry(key, found, path, depth));
      return;
    }
    indent(depth).append(key).append(':');
    if (value instanceof Record || value instanceof Map) {
      int start = text.append('\n').length();
      if (value instanceof Record nested) {
        record(nested, path, depth + 1);
      } else {
        ((Map<?, ?>) value)
            .forEach((name, item) -> entry(name.toString(), item, path + "." + name, depth + 1));
      }
      if (text.length() == start) {
        text.insert(start - 1, " {}");
      }
    } else if (value instanceof List<?> list) {
      text.append(list.isEmpty() ? " []\n" : "\n");
      for (int i = 0; i < list.size(); i++) {
        item(list.get(i), path + "[" + i + "]", depth + 1);
      }
    } else {
      text.append(' ');
      scalar(value, path);
    }
  }

  private void item(Object value, String path, int depth) {
    int start = indent(depth).append("- ").length();
    if (value instanceof Record nested) {
      record(nested, path, depth + 1);
      // The first key stands behind the dash.
      text.delete(start, start + 2 * (depth + 1));
    } else {
      scalar(value, path);
    }
  }

  private void scalar(Object value, String path) {
    String source = sources.getOrDefault(path, Binder.DERIVED);
    text.append(shown(value)).append("  # ").append(source).append('\n');
  }

  private static String shown(Object value) {
    if (value instanceof Enum<?> constant) {
      return Binder.spelling(constant);
    }
    boolean plain = !(value instanceof String string) || PLAIN.matcher(string).matches();
    return plain ? value.toString() : TextNode.valueOf((String) value).toString();
  }

  private StringBuilder indent(int depth) {
    return text.append("  ".repeat(depth));
  }
}
