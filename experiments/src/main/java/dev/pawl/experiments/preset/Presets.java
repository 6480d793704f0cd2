package dev.pawl.experiments.preset;

import dev.pawl.experiments.yaml.PackedYaml;
import java.util.List;
import java.util.Optional;

/** The named configurations, {@code experiments/models/*.yaml}, packed into the class path. */
public final class Presets {
  private static final PackedYaml PACKED =
      new PackedYaml("/dev/pawl/experiments/preset/models", "experiments/models");

  private Presets() {}

  /** All names, sorted. */
  public static List<String> names() {
    return PACKED.names();
  }

  /** The file of a preset as messages name it. */
  static String place(String name) {
    return PACKED.place(name);
  }

  /** The YAML of a preset, if there is one of that name. */
  static Optional<String> text(String name) {
    return PACKED.text(name);
  }
}
