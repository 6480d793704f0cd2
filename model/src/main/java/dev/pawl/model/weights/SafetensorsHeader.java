package dev.pawl.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and checks the JSON header of a safetensors file. */
final class SafetensorsHeader {
  static final String METADATA = "__metadata__";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;
  private final long data;
  private final long end;

  private SafetensorsHeader(Path file, long data, long end) {
    this.file = file;
    this.data = data;
    this.end = end;
  }

  /**
   * The tensors by name, in the order of the header.
   *
   * @param data first byte of the data in the file
   * @param end bytes of the file
   * @throws PawlException DATA when the header is not JSON, names a tensor twice, or does not cover
   *     the data exactly once from its start to the end of the file
   */
  static Map<String, SafetensorsEntry> parse(Path file, byte[] text, long data, long end)
      throws IOException {
    return new SafetensorsHeader(file, data, end).parse(text);
  }

  private Map<String, SafetensorsEntry> parse(byte[] text) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw damaged(
          file,
          e.getOriginalMessage().startsWith("Duplicate field")
              ? "its header names a tensor twice: " + e.getOriginalMessage()
              : "its header is not JSON: " + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw damaged(file, "its header is not a JSON object");
    }
    Map<String, SafetensorsEntry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!field.getKey().equals(METADATA)) {
        entries.put(field.getKey(), entry(field.getKey(), field.getValue()));
      }
    }
    requireCover(entries);
    return Collections.unmodifiableMap(entries);
  }

  private SafetensorsEntry entry(String name, JsonNode node) {
    JsonNode offsets = node.path("data_offsets");
    boolean whole = node.path("dtype").isTextual() && node.path("shape").isArray();
    whole &= offsets.size() == 2 && wholeNumber(offsets.get(0)) && wholeNumber(offsets.get(1));
    List<Long> shape = new ArrayList<>();
    for (JsonNode dimension : node.path("shape")) {
      whole &= wholeNumber(dimension);
      shape.add(dimension.asLong());
    }
    if (!whole) {
      throw damaged(file, "tensor %s lacks dtype, shape or data_offsets".formatted(name));
    }
    String type = node.path("dtype").asText();
    long begin = offsets.get(0).asLong();
    long stop = offsets.get(1).asLong();
    if (begin > stop || stop > end - data) {
      throw damaged(
          file,
          "tensor %s lies at bytes %d to %d, but the data has %d"
              .formatted(name, begin, stop, end - data));
    }
    int width = SafetensorsEntry.bytesOf(type);
    if (width > 0 && bytes(name, shape, width) != stop - begin) {
      throw damaged(
          file,
          "tensor %s of type %s and shape %s has %d bytes, not %d"
              .formatted(name, type, shape, stop - begin, bytes(name, shape, width)));
    }
    return new SafetensorsEntry(name, type, List.copyOf(shape), data + begin, data + stop);
  }

  private static boolean wholeNumber(JsonNode node) {
    return node.canConvertToLong() && node.isIntegralNumber() && node.asLong() >= 0;
  }

  private long bytes(String name, List<Long> shape, int width) {
    try {
      return shape.stream().reduce((long) width, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw damaged(file, "tensor %s has the impossible shape %s".formatted(name, shape));
    }
  }

  private void requireCover(Map<String, SafetensorsEntry> entries) {
    List<SafetensorsEntry> inOrder = new ArrayList<>(entries.values());
    inOrder.sort(
        Comparator.comparingLong(SafetensorsEntry::begin).thenComparingLong(SafetensorsEntry::end));
    long at = data;
    String before = "the header";
    for (SafetensorsEntry entry : inOrder) {
      if (entry.begin() != at) {
        throw damaged(
            file,
            entry.begin() < at
                ? "tensor %s overlaps %s".formatted(entry.name(), before)
                : "%d bytes between %s and tensor %s belong to nothing"
                    .formatted(entry.begin() - at, before, entry.name()));
      }
      at = entry.end();
      before = "tensor " + entry.name();
    }
    if (at != end) {
      throw damaged(file, "%d bytes after %s belong to nothing".formatted(end - at, before));
    }
  }

  static PawlException damaged(Path file, String how) {
    return new PawlException(FailureCause.DATA, file + " is not a whole safetensors file: " + how);
  }
}
