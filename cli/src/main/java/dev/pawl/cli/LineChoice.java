package dev.pawl.cli;

import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which lines are shown, and in which order. */
final class LineChoice {
  private static final Pattern CONDITION = Pattern.compile("(.+?)(!=|<=|>=|=|<|>)(.*)");

  private final List<ResultColumn> columns;

  LineChoice(List<ResultColumn> columns) {
    this.columns = columns;
  }

  /**
   * The lines that meet all conditions.
   *
   * @param where {@code COLUMN=VALUE}, or with one of != &lt; &lt;= &gt; &gt;=
   * @throws PawlException (CONFIG) for a column that there is not, with the nearest
   */
  List<ResultLine> matching(List<ResultLine> lines, List<String> where) {
    List<ResultLine> chosen = new ArrayList<>(lines);
    for (String condition : where) {
      chosen.removeIf(condition(condition).negate());
    }
    return List.copyOf(chosen);
  }

  /**
   * The lines in order; where nothing is to be sorted by, as they came.
   *
   * @param by columns; with a minus the largest first; what has no value comes last
   * @throws PawlException (CONFIG) for a column that there is not, with the nearest
   */
  List<ResultLine> sorted(List<ResultLine> lines, List<String> by) {
    Comparator<ResultLine> order = null;
    for (String name : by) {
      Comparator<ResultLine> next = order(name);
      order = order == null ? next : order.thenComparing(next);
    }
    return order == null ? List.copyOf(lines) : lines.stream().sorted(order).toList();
  }

  private Predicate<ResultLine> condition(String text) {
    Matcher parts = CONDITION.matcher(text);
    if (!parts.matches()) {
      throw new PawlException(
          FailureCause.CONFIG,
          "--where %s: write COLUMN=VALUE, or one of != < <= > >= between them".formatted(text));
    }
    ResultColumn column = column("--where", parts.group(1).strip());
    String sign = parts.group(2);
    String wanted = parts.group(3).strip();
    return line -> {
      Optional<Object> found = column.of(line);
      if (found.isEmpty()) {
        return sign.equals("!=") || (sign.equals("=") && wanted.isEmpty());
      }
      int order = compare(found.get(), wanted);
      return switch (sign) {
        case "=" -> order == 0;
        case "!=" -> order != 0;
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case ">" -> order > 0;
        default -> order >= 0;
      };
    };
  }

  private Comparator<ResultLine> order(String by) {
    boolean down = by.startsWith("-");
    ResultColumn column = column("--sort", down ? by.substring(1) : by);
    return (one, other) -> {
      Optional<Object> a = column.of(one);
      Optional<Object> b = column.of(other);
      if (a.isEmpty() || b.isEmpty()) {
        return Boolean.compare(a.isEmpty(), b.isEmpty());
      }
      int order = compare(a.get(), b.get());
      return down ? -order : order;
    };
  }

  // Numbers by their size, all else by its letters, capital or not.
  private static int compare(Object one, Object other) {
    Optional<Double> a = number(one);
    Optional<Double> b = number(other);
    return a.isPresent() && b.isPresent()
        ? a.get().compareTo(b.get())
        : String.CASE_INSENSITIVE_ORDER.compare(one.toString(), other.toString());
  }

  private static Optional<Double> number(Object value) {
    if (value instanceof Number number) {
      return Optional.of(number.doubleValue());
    }
    try {
      return Optional.of(Double.valueOf(value.toString()));
    } catch (NumberFormatException text) {
      return Optional.empty();
    }
  }

  private ResultColumn column(String option, String name) {
    List<ResultColumn> found =
        columns.stream().filter(column -> column.name().equals(name)).toList();
    if (found.isEmpty()) {
      found = columns.stream().filter(column -> column.name().endsWith("." + name)).toList();
    }
    if (found.size() == 1) {
      return found.get(0);
    }
    Collection<String> known = found.isEmpty() ? names() : names(found);
    String help =
        found.isEmpty()
            ? Nearest.to(name, known)
                .map(near -> "; nearest: " + near)
                .orElse("; 'pawl results -o csv --all-columns' shows them all")
            : ": it may be " + String.join(", ", known);
    throw new PawlException(
        FailureCause.CONFIG, "%s: no one column '%s'%s".formatted(option, name, help));
  }

  private Set<String> names() {
    return names(columns);
  }

  private static Set<String> names(Collection<ResultColumn> columns) {
    Set<String> names = new LinkedHashSet<>();
    columns.forEach(column -> names.add(column.name()));
    return names;
  }
}
