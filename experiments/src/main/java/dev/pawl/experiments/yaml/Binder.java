package dev.pawl.experiments.yaml;

import dev.pawl.experiments.ExperimentSpec;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.ModelClass;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Setting;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.config.VanillaConfig;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Binds YAML to records, strictly: unknown keys, wrong types and values out of bounds are problems
 * with place and key, all reported together. A key is the component's name in snake_case.
 */
public final class Binder {
  /** Source of a value that nobody gave. */
  public static final String DEFAULT = "default";

  /** Source of a value that follows from others. */
  public static final String DERIVED = "derived";

  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9][0-9_]*");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?");

  private static final Pattern CAPITAL = Pattern.compile("([A-Z])");

  // Java copies them, and looks words up, anew each time; a sweep binds thousands of experiments.
  private static final ClassValue<RecordComponent[]> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
          return type.getRecordComponents();
        }
      };
  private static final Map<String, String> WORDS = new ConcurrentHashMap<>();

  private final List<String> problems;
  private final Map<String, String> sources = new TreeMap<>();

  public Binder(List<String> problems) {
    this.problems = problems;
  }

  /** Where each value came from, by dotted key. */
  public Map<String, String> sources() {
    return sources;
  }

  /** Binds a mapping; null when a problem was found. */
  public <T> @Nullable T bind(YamlNode node, Class<T> type) {
    return bind(node, type, "");
  }

  /** Binds a mapping that stands under a dotted key; null when a problem was found. */
  public <T> @Nullable T bind(YamlNode node, Class<T> type, String path) {
    return type.cast(record(node, type, path));
  }

  private @Nullable Object record(YamlNode node, Class<?> type, String path) {
    if (type == ModelConfig.class) {
      boolean block = node.fields() != null && node.fields().containsKey("block_length");
      return record(node, block ? BlockConfig.class : VanillaConfig.class, path);
    }
    Map<String, YamlNode> fields = node.fields();
    if (fields == null) {
      return problem(node, path, "is %s, a mapping is needed".formatted(node.kind()));
    }
    RecordComponent[] components = COMPONENTS.get(type);
    List<String> known = Arrays.stream(components).map(c -> snakeCase(c.getName())).toList();
    int before = problems.size();
    fields.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            String nearest =
                Nearest.to(key, nameable(type, known))
                    .map(found -> ", nearest known key: " + found)
                    .orElse(", known keys: " + String.join(", ", known));
            problem(value, join(path, key), "unknown key" + nearest);
          }
        });
    @Nullable Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      Type wanted = chosenType(components[i], values);
      values[i] =
          wanted == null
              ? null
              : component(
                  node, fields.get(known.get(i)), components[i], wanted, join(path, known.get(i)));
    }
    if (problems.size() > before) {
      return null;
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      Object made = constructor.newInstance(values);
      for (int i = 0; i < components.length; i++) {
        markDerived(join(path, known.get(i)), values[i], get(components[i], made));
      }
      return made;
    } catch (InvocationTargetException e) {
      return problem(node, path, String.valueOf(e.getCause().getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("record " + type + " cannot be made", e);
    }
  }

  // A config is read as the class before it says; null when that class is a problem already.
  private static @Nullable Type chosenType(RecordComponent component, @Nullable Object[] before) {
    if (!component.getType().isSealed() || component.getType() == ModelConfig.class) {
      return component.getGenericType();
    }
    for (Object value : before) {
      if (value instanceof ModelClass chosen) {
        return chosen.configType();
      }
    }
    return null;
  }

  private @Nullable Object component(
      YamlNode parent,
      @Nullable YamlNode given,
      RecordComponent component,
      Type wanted,
      String path) {
    Setting setting = component.getAnnotation(Setting.class);
    boolean optional = component.getType() == Optional.class;
    boolean container = component.getType() == List.class || component.getType() == Map.class;
    if (given == null) {
      if (optional) {
        return Optional.empty();
      }
      if (setting == null || setting.defaultValue().equals(Setting.REQUIRED)) {
        if (container) {
          return component.getType() == List.class ? List.of() : Map.of();
        }
        if (wanted instanceof Class<?> type && type.isRecord() && allDefaulted(type)) {
          return record(YamlNode.mapping(DEFAULT), type, path);
        }
        String doc = setting == null ? "" : ": " + setting.doc();
        return problem(parent, path, "is missing" + doc);
      }
      sources.put(path, DEFAULT);
      return value(YamlNode.scalar(DEFAULT, setting.defaultValue()), wanted, setting, path);
    }
    sources.put(path, given.place());
    return value(given, wanted, setting, path);
  }

  // A model with a misspelt block_length or preset is read as a vanilla one: name what it may have
  // meant.
  private static List<String> nameable(Class<?> type, List<String> known) {
    List<String> names = new ArrayList<>(known);
    if (type == TrainingConfig.class || ModelConfig.class.isAssignableFrom(type)) {
      names.add("preset");
    }
    if (type == ExperimentSpec.class) {
      names.add("sweep");
    }
    if (type == VanillaConfig.class) {
      for (RecordComponent component : BlockConfig.class.getRecordComponents()) {
        names.add(snakeCase(component.getName()));
      }
    }
    return names;
  }

  // Constructors replace values that stand for "choose": those are no longer what was written.
  private void markDerived(String path, @Nullable Object bound, Object made) {
    if (bound == null || bound.equals(made)) {
      return;
    }
    if (!made.getClass().isRecord()) {
      sources.put(path, DERIVED);
      return;
    }
    for (RecordComponent component : COMPONENTS.get(made.getClass())) {
      String below = join(path, snakeCase(component.getName()));
      markDerived(below, get(component, bound), get(component, made));
    }
  }

  private static Object get(RecordComponent component, Object owner) {
    try {
      return component.getAccessor().invoke(owner);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("component " + component + " cannot be read", e);
    }
  }

  private static boolean allDefaulted(Class<?> type) {
    return Arrays.stream(COMPONENTS.get(type))
        .allMatch(
            c -> {
              Setting setting = c.getAnnotation(Setting.class);
              return c.getType() == Optional.class
                  || c.getType() == List.class
                  || (c.getType().isRecord() && allDefaulted(c.getType()))
                  || (setting != null && !setting.defaultValue().equals(Setting.REQUIRED));
            });
  }

  private @Nullable Object value(YamlNode node, Type type, @Nullable Setting setting, String path) {
    if (type instanceof ParameterizedType parameterized) {
      return container(node, parameterized, setting, path);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isRecord() || raw == ModelConfig.class) {
      return record(node, raw, path);
    }
    String text = node.scalar();
    if (text == null) {
      return problem(node, path, "is %s, one value is needed".formatted(node.kind()));
    }
    // A few keys mean something by null.
    boolean nothing = text.equals(YamlNode.NULL);
    if (nothing && raw.isEnum() && named(raw, "null") != null) {
      return named(raw, "null");
    }
    if (nothing || (text.isEmpty() && !node.place().equals(DEFAULT))) {
      return problem(node, path, "has no value; give one, or leave the key out");
    }
    if (raw == String.class) {
      return text;
    }
    if (raw == boolean.class) {
      return text.equals("true") || text.equals("false")
          ? Boolean.valueOf(text)
          : problem(node, path, "'%s' is not true or false".formatted(text));
    }
    if (raw.isEnum()) {
      return constant(node, raw, text, path);
    }
    return number(node, raw, text, setting, path);
  }

  private @Nullable Object constant(YamlNode node, Class<?> type, String text, String path) {
    Object found = named(type, text);
    if (found != null) {
      return found;
    }
    List<String> names = Arrays.stream(type.getEnumConstants()).map(Binder::spelling).toList();
    return problem(node, path, "'%s' is none of %s".formatted(text, String.join(", ", names)));
  }

  private static @Nullable Object named(Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (spelling(constant).equals(text)) {
        return constant;
      }
    }
    return null;
  }

  /** How YAML spells an enum's constant. */
  public static String spelling(Object constant) {
    return constant.toString().toLowerCase(Locale.ROOT);
  }

  private @Nullable Object number(
      YamlNode node, Class<?> type, String text, @Nullable Setting setting, String path) {
    Number number;
    try {
      if (type == int.class) {
        number = Integer.valueOf(text.replace("_", ""));
      } else if (type == long.class) {
        number = Long.valueOf(text.replace("_", ""));
      } else if (!DECIMAL.matcher(text).matches()) {
        throw new NumberFormatException(text);
      } else {
        number = Double.valueOf(text);
      }
    } catch (NumberFormatException e) {
      String what = type == double.class ? "a number" : "a whole number";
      String size =
          WHOLE.matcher(text).matches() ? " of at most %s bits".formatted(bits(type)) : "";
      // What users of other sweepers type; a list-valued key could not be told from it.
      String several =
          node.place().equals("command line") && text.contains(",")
              ? "; a run with each: --sweep %s=%s".formatted(path, text)
              : "";
      return problem(node, path, "'%s' is not %s%s%s".formatted(text, what, size, several));
    }
    double value = number.doubleValue();
    if (!Double.isFinite(value)) {
      return problem(node, path, "'%s' is not finite".formatted(text));
    }
    if (setting != null && (value < setting.min() || value > setting.max())) {
      return problem(node, path, "%s is out of range: %s".formatted(text, range(setting)));
    }
    return number;
  }

  private static int bits(Class<?> type) {
    return type == int.class ? Integer.SIZE : Long.SIZE;
  }

  private static String range(Setting setting) {
    boolean low = setting.min() > Double.NEGATIVE_INFINITY;
    boolean high = setting.max() < Double.POSITIVE_INFINITY;
    if (low && high) {
      return "from %s to %s".formatted(plain(setting.min()), plain(setting.max()));
    }
    return low ? plain(setting.min()) + " or more" : plain(setting.max()) + " or less";
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private @Nullable Object container(
      YamlNode node, ParameterizedType type, @Nullable Setting setting, String path) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == Optional.class) {
      return Optional.ofNullable(value(node, arguments[0], setting, path));
    }
    if (type.getRawType() == List.class) {
      // One value stands for a list of one, so that key=value works for lists.
      List<YamlNode> items = node.items() != null ? node.items() : List.of(node);
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        Object value = value(items.get(i), arguments[0], setting, path + "[" + i + "]");
        if (value != null) {
          values.add(value);
        }
      }
      return List.copyOf(values);
    }
    Map<String, YamlNode> fields = node.fields();
    if (fields == null) {
      return problem(node, path, "is %s, a mapping is needed".formatted(node.kind()));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    fields.forEach(
        (key, field) -> {
          Object value = value(field, arguments[1], setting, join(path, key));
          if (value != null) {
            values.put(key, value);
          }
        });
    return values;
  }

  private @Nullable Object problem(YamlNode node, String path, String what) {
    problems.add(
        path.isEmpty() ? node.place() + ": " + what : node.place() + ": " + path + ": " + what);
    return null;
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** {@code maxLength} is {@code max_length}. */
  public static String snakeCase(String name) {
    return WORDS.computeIfAbsent(
        name, each -> CAPITAL.matcher(each).replaceAll("_$1").toLowerCase(Locale.ROOT));
  }

  /** The components of a record, in order. */
  public static List<RecordComponent> components(Class<?> type) {
    return List.of(COMPONENTS.get(type));
  }
}
