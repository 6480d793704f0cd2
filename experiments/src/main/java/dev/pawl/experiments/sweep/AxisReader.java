package dev.pawl.experiments.sweep;

import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.experiments.yaml.YamlNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads axes: choices, {@code range} and {@code log_range}. */
final class AxisReader {
  private static final String RANGE = "range";
  private static final String LOG_RANGE = "log_range";
  private static final List<String> FORMS = List.of(RANGE, LOG_RANGE);
  private static final List<String> KEYS = List.of("from", "to", "count", "step");
  private static final MathContext EVEN = MathContext.DECIMAL64;
  private static final int MOST_VALUES = 100_000;

  private final List<String> problems;

  /** The axis being read, for its problems. */
  private String path = "";

  AxisReader(List<String> problems) {
    this.problems = problems;
  }

  /**
   * Reads one axis; null after a problem.
   *
   * @param under the key that it stands under, such as {@code sweep.axes}
   */
  @Nullable Axis read(String under, String key, YamlNode node) {
    path = under + "." + key;
    Map<String, YamlNode> fields = node.fields();
    if (fields != null) {
      return fields.size() == 1 && FORMS.contains(fields.keySet().iterator().next())
          ? range(key, node, fields)
          : problem(
              node,
              "an axis is a list of values, or one of range and log_range; a mapping as a value"
                  + " stands in a list: [{...}]");
    }
    List<YamlNode> items = node.items() != null ? node.items() : List.of(node);
    if (items.isEmpty() || node.isNull()) {
      return problem(node, "has no value");
    }
    List<AxisValue> values = items.stream().map(AxisValue::of).toList();
    for (int i = 0; i < values.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (values.get(i).value().equals(values.get(j).value())) {
          return problem(values.get(i).node(), "%s is given twice".formatted(values.get(i).word()));
        }
      }
    }
    return new Axis(key, node.place(), values, null);
  }

  private @Nullable Axis range(String key, YamlNode node, Map<String, YamlNode> fields) {
    String form = fields.keySet().iterator().next();
    boolean log = form.equals(LOG_RANGE);
    YamlNode inside = fields.get(form);
    path = path + "." + form;
    Map<String, YamlNode> given = inside == null ? null : inside.fields();
    if (given == null) {
      return problem(
          node, "is written {from: 1, to: 5, %s}".formatted(log ? "count: 3" : "step: 2"));
    }
    for (Map.Entry<String, YamlNode> each : given.entrySet()) {
      if (!KEYS.contains(each.getKey())) {
        String nearest =
            Nearest.to(each.getKey(), KEYS)
                .map(found -> ", nearest known key: " + found)
                .orElse(", known keys: " + String.join(", ", KEYS));
        return problem(each.getValue(), "%s is an unknown key%s".formatted(each.getKey(), nearest));
      }
    }
    BigDecimal from = number(node, given, "from");
    BigDecimal to = number(node, given, "to");
    BigDecimal count = number(node, given, "count");
    BigDecimal step = number(node, given, "step");
    if (from == null || to == null) {
      return given.containsKey("from") && given.containsKey("to")
          ? null
          : problem(node, "needs from and to");
    }
    if (from.compareTo(to) >= 0) {
      return problem(node, "from %s is not below to %s".formatted(from, to));
    }
    if (log && from.signum() <= 0) {
      return problem(node, "from %s is not above 0".formatted(from));
    }
    if (count != null && step != null) {
      return problem(node, "count and step are both given; give one");
    }
    if (step != null) {
      return log
          ? problem(node, "log_range has a count, no step")
          : values(key, node, stepped(node, from, to, step));
    }
    if (count == null) {
      return new Axis(key, node.place(), List.of(), new Interval(from, to, log));
    }
    return values(key, node, counted(node, from, to, count, log));
  }

  private static @Nullable Axis values(
      String key, YamlNode node, @Nullable List<BigDecimal> numbers) {
    return numbers == null
        ? null
        : new Axis(
            key,
            node.place(),
            numbers.stream().map(number -> AxisValue.number(node.place(), number)).toList(),
            null);
  }

  private @Nullable List<BigDecimal> stepped(
      YamlNode node, BigDecimal from, BigDecimal to, BigDecimal step) {
    if (step.signum() <= 0) {
      problem(node, "step %s is not above 0".formatted(step));
      return null;
    }
    if (to.subtract(from).divide(step, RoundingMode.FLOOR).longValue() >= MOST_VALUES) {
      problem(node, "has more than %,d values".formatted(MOST_VALUES));
      return null;
    }
    List<BigDecimal> numbers = new ArrayList<>();
    for (BigDecimal at = from; at.compareTo(to) <= 0; at = at.add(step)) {
      numbers.add(at);
    }
    return numbers;
  }

  private @Nullable List<BigDecimal> counted(
      YamlNode node, BigDecimal from, BigDecimal to, BigDecimal count, boolean log) {
    boolean whole = count.stripTrailingZeros().scale() <= 0;
    if (!whole || count.compareTo(BigDecimal.valueOf(2)) < 0) {
      problem(node, "count %s is no whole number of 2 or more".formatted(count));
      return null;
    }
    if (count.compareTo(BigDecimal.valueOf(MOST_VALUES)) > 0) {
      problem(node, "has more than %,d values".formatted(MOST_VALUES));
      return null;
    }
    int last = count.intValueExact() - 1;
    List<BigDecimal> numbers = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      BigDecimal at =
          log
              ? new Interval(from, to, true).at((double) i / last)
              : from.add(
                  to.subtract(from)
                      .multiply(BigDecimal.valueOf(i))
                      .divide(BigDecimal.valueOf(last), EVEN));
      // The ends are what was written, whatever rounding says.
      numbers.add(i == 0 ? from : i == last ? to : at);
    }
    return numbers;
  }

  private @Nullable BigDecimal number(YamlNode node, Map<String, YamlNode> given, String key) {
    YamlNode value = given.get(key);
    if (value == null) {
      return null;
    }
    if (AxisValue.of(value).value() instanceof BigDecimal number) {
      return number;
    }
    problem(node, "%s is %s, not a number".formatted(key, value.kind()));
    return null;
  }

  private @Nullable Axis problem(YamlNode node, String what) {
    problems.add("%s: %s: %s".formatted(node.place(), path, what));
    return null;
  }
}
