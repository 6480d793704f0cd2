package dev.pawl.experiments.sweep;

import dev.pawl.experiments.ExperimentSpec;
import dev.pawl.experiments.yaml.Binder;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Every value of a sweep by dotted key, so that two versions of it can be compared. */
final class FlatValues {
  private final Map<String, Set<String>> values = new TreeMap<>();

  /** Adds the values of a run. */
  void add(ExperimentSpec spec) {
    record(spec, "");
  }

  /** Adds how the runs are gone about. */
  void add(SweepSettings settings) {
    put("sweep.max_in_flight", Integer.toString(settings.maxInFlight()));
    put("sweep.priority", Integer.toString(settings.priority()));
    put("sweep.on_failure", settings.onFailure().toString());
  }

  /** Adds which runs end early. */
  void add(EarlyStopping stopping) {
    record(stopping, "sweep.early_stopping");
  }

  /** By key; where runs differ, their values behind each other. */
  Map<String, String> joined() {
    Map<String, String> joined = new LinkedHashMap<>();
    values.forEach((key, each) -> joined.put(key, String.join(", ", each)));
    return joined;
  }

  private void record(Record value, String path) {
    for (RecordComponent component : Binder.components(value.getClass())) {
      String key = Binder.snakeCase(component.getName());
      try {
        entry(component.getAccessor().invoke(value), path.isEmpty() ? key : path + "." + key);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("component " + component + " cannot be read", e);
      }
    }
  }

  private void entry(Object value, String path) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(found -> entry(found, path));
    } else if (value instanceof Record nested) {
      record(nested, path);
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> entry(each, path + "." + key));
    } else if (value instanceof List<?> list && list.stream().anyMatch(Record.class::isInstance)) {
      for (int i = 0; i < list.size(); i++) {
        entry(list.get(i), path + "[" + i + "]");
      }
    } else {
      String text = value instanceof Enum<?> constant ? Binder.spelling(constant) : "" + value;
      put(path, text);
    }
  }

  private void put(String key, String text) {
    values.computeIfAbsent(key, first -> new LinkedHashSet<>()).add(text);
  }
}
