package dev.pawl.activities.protocol;

import java.util.Objects;

/**
 * A place at which a fault may be caused.
 *
 * @param name such as {@code pretrain.step}
 * @param number what the number behind the name means; empty where the point has none
 * @param description what has happened when it is reached, in a line
 */
public record FaultPoint(String name, String number, String description) {
  public FaultPoint {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(number, "number");
    Objects.requireNonNull(description, "description");
  }

  /** Whether {@code name=N} means something. */
  boolean numbered() {
    return !number.isEmpty();
  }

  /** As a user writes it: {@code pretrain.step[=N]}. */
  public String usage() {
    return numbered() ? name + "[=N]" : name;
  }
}
