package dev.pawl.experiments.sweep;

import dev.pawl.experiments.yaml.YamlNode;
import dev.pawl.experiments.yaml.YamlReader;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Axes of the command line: {@code --sweep training.learning_rate=1e-3,3e-3}. What stands behind
 * the equals sign is the inside of a YAML list, so that {@code [a,b],[c]} are two lists, or {@code
 * range(from=0,to=1,step=0.5)}, or {@code log_range(...)}.
 */
public final class CommandLineSweep {
  private static final String PLACE = "command line";
  private static final Pattern RANGE = Pattern.compile("\\s*((?:log_)?range)\\((.*)\\)\\s*");

  private CommandLineSweep() {}

  /** Puts axes into the {@code sweep:} of an experiment, over those of the file. */
  public static void apply(YamlNode root, List<String> axes, List<String> problems) {
    for (String axis : axes) {
      int equals = axis.indexOf('=');
      Map<String, YamlNode> fields = axesOf(root);
      if (equals < 1 || fields == null) {
        problems.add(
            equals < 1
                ? "%s: --sweep '%s' is not key=value,value,...".formatted(PLACE, axis)
                : "%s: --sweep: sweep or sweep.axes is no mapping in the file".formatted(PLACE));
        continue;
      }
      fields.put(axis.substring(0, equals), values(axis.substring(equals + 1), problems));
    }
  }

  private static YamlNode values(String text, List<String> problems) {
    Matcher range = RANGE.matcher(text);
    String yaml =
        range.matches()
            ? "{%s: {%s}}".formatted(range.group(1), range.group(2).replace("=", ": "))
            : "[" + text + "]";
    return YamlReader.value(yaml, problems);
  }

  private static @Nullable Map<String, YamlNode> axesOf(YamlNode root) {
    Map<String, YamlNode> fields = root.fields();
    for (String key : List.of("sweep", "axes")) {
      if (fields == null) {
        return null;
      }
      YamlNode below = fields.get(key);
      if (below == null || below.isNull()) {
        below = YamlNode.mapping(PLACE);
        fields.put(key, below);
      }
      fields = below.fields();
    }
    return fields;
  }
}
