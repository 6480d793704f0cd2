package dev.pawl.cli;

import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.yaml.Binder;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Prints an experiment's values as YAML, each with where it came from. */
final class ResolvedYaml {
  private final Map<String, String> sources;
  private final StringBuilder text = new StringBuilder();

  private ResolvedYaml(Map<String, String> sources) {
    this.sources = sources;
  }

  static String text(LoadedExperiment loaded) {
    ResolvedYaml yaml = new ResolvedYaml(loaded.sources());
    yaml.record(loaded.spec(), "", 0);
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
    String indent = "  ".repeat(depth);
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(found -> entry(key, found, path, depth));
    } else if (value instanceof Record nested) {
      text.append(indent).append(key).append(":\n");
      record(nested, path, depth + 1);
    } else if (value instanceof Map<?, ?> map) {
      text.append(indent).append(key).append(":\n");
      map.forEach((name, item) -> entry(name.toString(), item, path + "." + name, depth + 1));
    } else if (value instanceof List<?> list) {
      text.append(indent).append(key).append(list.isEmpty() ? ": []" : ":").append('\n');
      for (int i = 0; i < list.size(); i++) {
        entry("- # " + (i + 1), list.get(i), path + "[" + i + "]", depth + 1);
      }
    } else {
      String shown = value instanceof Enum<?> e ? e.name().toLowerCase(Locale.ROOT) : "" + value;
      String source = sources.getOrDefault(path, "derived");
      text.append(indent).append(key).append(": ").append(shown);
      text.append("  # ").append(source).append('\n');
    }
  }
}
