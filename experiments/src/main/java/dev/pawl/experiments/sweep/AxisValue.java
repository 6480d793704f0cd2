package dev.pawl.experiments.sweep;

import dev.pawl.experiments.yaml.YamlNode;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A value of an axis.
 *
 * @param node as it was written, with its place
 * @param value what it is: a number, a truth value, a text, or a list or mapping of such; {@code
 *     1e-3} and {@code 0.001} are equal
 */
record AxisValue(YamlNode node, Object value) {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9][0-9_]*[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,3})?");
  private static final int LONG_NUMBER = 8;

  static AxisValue of(YamlNode node) {
    return new AxisValue(node, read(node));
  }

  static AxisValue number(String place, BigDecimal number) {
    BigDecimal plain = plain(number);
    return new AxisValue(YamlNode.scalar(place, plain.toPlainString()), plain);
  }

  private static Object read(YamlNode node) {
    Map<String, YamlNode> fields = node.fields();
    if (fields != null) {
      Map<String, Object> values = new LinkedHashMap<>();
      fields.forEach((key, each) -> values.put(key, read(each)));
      return values;
    }
    List<YamlNode> items = node.items();
    if (items != null) {
      return items.stream().map(AxisValue::read).toList();
    }
    String text = String.valueOf(node.scalar());
    if (NUMBER.matcher(text).matches()) {
      return plain(new BigDecimal(text.replace("_", "")));
    }
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    return node.isNull() ? "null" : text;
  }

  // One form a number, so that equal numbers are equal.
  private static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** The value in the name of a run: without spaces, brackets and slashes. */
  String word() {
    return word(value).replaceAll("[^A-Za-z0-9._+-]", "-");
  }

  private static String word(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(AxisValue::word).collect(Collectors.joining("+"));
    }
    return value instanceof BigDecimal number ? shortest(number) : value.toString();
  }

  private static String shortest(BigDecimal number) {
    String plain = number.toPlainString();
    boolean small = number.signum() != 0 && number.abs().compareTo(BigDecimal.valueOf(1, 4)) < 0;
    if (!small || plain.length() <= LONG_NUMBER) {
      return plain;
    }
    DecimalFormat format =
        new DecimalFormat("0.###############E0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    return format.format(number).replace('E', 'e');
  }
}
