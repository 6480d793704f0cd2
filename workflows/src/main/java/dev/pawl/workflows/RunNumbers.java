package dev.pawl.workflows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Numbers of runs, from 0, in growing order; as text, {@code 0-7,9,12-40}, they stay short whatever
 * their number.
 */
public final class RunNumbers {
  private final List<Integer> numbers;

  private RunNumbers(List<Integer> numbers) {
    this.numbers = numbers;
  }

  /** Some numbers, in any order. */
  public static RunNumbers of(List<Integer> numbers) {
    return new RunNumbers(numbers.stream().distinct().sorted().toList());
  }

  /** Reads what {@link #text} wrote. */
  public static RunNumbers parse(String text) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int dash = part.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
      IntStream.rangeClosed(first, last).forEach(numbers::add);
    }
    return new RunNumbers(List.copyOf(numbers));
  }

  /** All of them. */
  public List<Integer> numbers() {
    return numbers;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return numbers.isEmpty();
  }

  /** The first few. */
  RunNumbers first(int count) {
    return new RunNumbers(numbers.subList(0, Math.min(count, numbers.size())));
  }

  /** Those behind the first few. */
  RunNumbers after(int count) {
    return new RunNumbers(numbers.subList(Math.min(count, numbers.size()), numbers.size()));
  }

  /** Ranges and single numbers, with commas. */
  public String text() {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < numbers.size(); ) {
      int j = i;
      while (j + 1 < numbers.size() && numbers.get(j + 1) == numbers.get(j) + 1) {
        j++;
      }
      parts.add(i == j ? "" + numbers.get(i) : numbers.get(i) + "-" + numbers.get(j));
      i = j + 1;
    }
    return String.join(",", parts);
  }
}
