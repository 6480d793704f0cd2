package dev.pawl.cli;

import dev.pawl.db.ResultRow;
import dev.pawl.db.RunStatus;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A column of results: what it says of each line.
 *
 * @param name what programs, {@code --sort} and {@code --where} know it by
 * @param heading what people read, with the unit in brackets
 * @param format of its numbers for people
 * @param value of a run; empty where it has none
 * @param error standard error of that value
 */
record ResultColumn(
    String name,
    String heading,
    Role role,
    Better better,
    String format,
    Function<ResultRow, Optional<Object>> value,
    Function<ResultRow, Optional<Double>> error) {

  /** When people see a column that they did not ask for. */
  enum Role {
    /** Always. */
    NAME,
    /** Where it is not the same for all runs, or there is one run alone. */
    FACT,
    /** Where it is not the same for all runs, and all have it. */
    SETTING,
    /** Where a run has it. */
    SCORE,
    /** Where all columns are asked for. */
    DETAIL
  }

  /** What a line says here; for several runs that differ, all of it. */
  Optional<Object> of(ResultLine line) {
    if (name.equals("run")) {
      return Optional.of(line.name());
    }
    if (!line.several()) {
      return value.apply(line.first());
    }
    if (role == Role.SCORE) {
      return mean(line).map(Mean::mean);
    }
    Set<Object> all = new LinkedHashSet<>();
    line.runs().forEach(run -> value.apply(run).ifPresent(all::add));
    if (all.size() <= 1) {
      return all.stream().findFirst();
    }
    return Optional.of(
        name.equals("status")
            ? statuses(line)
            : all.stream().map(Object::toString).collect(Collectors.joining(" ")));
  }

  private static String statuses(ResultLine line) {
    Map<RunStatus, Integer> counts = new TreeMap<>();
    line.runs().forEach(run -> counts.merge(run.status(), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(each -> each.getValue() + " " + each.getKey())
        .collect(Collectors.joining(", "));
  }

  /** The mean of a line's finished runs. */
  Optional<Mean> mean(ResultLine line) {
    return Mean.of(
        line.counted().stream()
            .flatMap(run -> value.apply(run).stream())
            .filter(Double.class::isInstance)
            .mapToDouble(Double.class::cast)
            .toArray());
  }

  /**
   * The cell of a line for people.
   *
   * @param means whether the table is one of means over seeds
   */
  Cell cell(ResultLine line, boolean means) {
    Optional<Object> found = of(line);
    if (found.isEmpty()) {
      return Cell.NONE;
    }
    Object value = found.get();
    if (!(value instanceof Double number)) {
      return value instanceof Long count && role != Role.SETTING
          ? Cell.count(count)
          : Cell.of(value);
    }
    if (role == Role.SETTING) {
      return new Cell(value, SettingKeys.shown(value), false);
    }
    String text = rounded(number) + beside(line, means).map(this::plusMinus).orElse("");
    int n = line.several() ? mean(line).map(Mean::n).orElse(0) : 1;
    boolean fewer = line.several() && n < line.counted().size();
    return new Cell(value, fewer ? text + " (" + n + ")" : text, false);
  }

  private String plusMinus(double error) {
    return " " + Terminal.plusMinus() + " " + rounded(error);
  }

  private String rounded(double number) {
    return String.format(Locale.ROOT, format, number);
  }

  /**
   * What stands beside a number: in a table of means the deviation over seeds, which one run does
   * not have, else the standard error.
   */
  Optional<Double> beside(ResultLine line, boolean means) {
    if (!means) {
      return error.apply(line.first());
    }
    return line.several() && role == Role.SCORE
        ? mean(line).flatMap(mean -> Optional.ofNullable(mean.deviation()))
        : Optional.empty();
  }
}
