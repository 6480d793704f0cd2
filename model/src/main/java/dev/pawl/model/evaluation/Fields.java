package dev.pawl.model.evaluation;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.List;
import java.util.Map;

/**
 * One document as its file has it.
 *
 * @param number from 0, by documents
 * @param place file and line, for messages
 */
record Fields(int number, String place, Map<String, Object> values) {
  /** The list that a dotted path names. */
  List<?> list(String task, String key, String path) {
    Object value = values;
    for (String name : path.split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new PawlException(
        FailureCause.DATA,
        "%s: task %s: %s asks for the list '%s', the document has %s"
            .formatted(place, task, key, path, values.keySet()));
  }
}
