package dev.pawl.db;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/** The few JSON columns that this module reads itself. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + value, e);
    }
  }

  static Map<String, String> strings(String json) {
    return read(json, new TypeReference<>() {});
  }

  static List<Double> numbers(String json) {
    return read(json, new TypeReference<>() {});
  }

  static List<Boolean> booleans(String json) {
    return read(json, new TypeReference<>() {});
  }

  static JsonNode tree(String json) {
    return read(json, new TypeReference<>() {});
  }

  private static <T> T read(String json, TypeReference<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored JSON value cannot be read: " + json, e);
    }
  }
}
