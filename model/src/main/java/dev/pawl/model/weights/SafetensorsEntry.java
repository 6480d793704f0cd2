package dev.pawl.model.weights;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One tensor as a safetensors header describes it.
 *
 * @param type its element type, as written
 * @param begin first byte, from the start of the file
 * @param end byte after the last
 */
public record SafetensorsEntry(String name, String type, List<Long> shape, long begin, long end) {
  private static final Map<String, Integer> BYTES =
      Map.ofEntries(
          Map.entry("BOOL", 1),
          Map.entry("U8", 1),
          Map.entry("I8", 1),
          Map.entry("F8_E4M3", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("I16", 2),
          Map.entry("U16", 2),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("I32", 4),
          Map.entry("U32", 4),
          Map.entry("F32", 4),
          Map.entry("I64", 8),
          Map.entry("U64", 8),
          Map.entry("F64", 8));

  /** The format of the elements, where they are floating-point numbers of 16 bits or more. */
  Optional<NumberFormat> format() {
    for (NumberFormat format : NumberFormat.values()) {
      if (format.name().equals(type)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /** Bytes of an element of a type; 0 for an unknown one. */
  static int bytesOf(String type) {
    return BYTES.getOrDefault(type, 0);
  }
}
