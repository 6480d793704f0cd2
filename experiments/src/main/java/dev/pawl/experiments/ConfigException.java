package dev.pawl.experiments;

import java.util.List;

/** The request is wrong; every problem found is listed with its place. Nothing has been started. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** {@code place: key: what is wrong}, a line each. */
  public List<String> problems() {
    return problems;
  }
}
