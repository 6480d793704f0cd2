package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.SortedMap;
import java.util.TreeMap;

/** JSON that the record holds. What is not, is a bug. */
public final class StoredJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StoredJson() {}

  /** A stored value. */
  public static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the record holds no JSON: " + json, e);
    }
  }

  /** The values of a stored object, by name. */
  public static SortedMap<String, String> texts(String json) {
    SortedMap<String, String> texts = new TreeMap<>();
    tree(json)
        .properties()
        .forEach(
            each -> {
              JsonNode value = each.getValue();
              texts.put(each.getKey(), value.isValueNode() ? value.asText() : value.toString());
            });
    return texts;
  }
}
