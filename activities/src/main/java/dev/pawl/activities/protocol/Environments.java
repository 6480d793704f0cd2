package dev.pawl.activities.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

/** Describes the machine and the software of a worker, as stored with each attempt. */
public final class Environments {
  private Environments() {}

  /** Canonical JSON of this process's surroundings, with what the caller knows besides. */
  public static String describe(Map<String, String> more) {
    Map<String, String> environment = new TreeMap<>(more);
    environment.put("java", System.getProperty("java.runtime.version", "unknown"));
    environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    environment.put("arch", System.getProperty("os.arch"));
    environment.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    environment.put("max_heap_bytes", String.valueOf(Runtime.getRuntime().maxMemory()));
    try {
      return new ObjectMapper().writeValueAsString(environment);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
