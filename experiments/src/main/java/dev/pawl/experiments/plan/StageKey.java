package dev.pawl.experiments.plan;

import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.stage.StageConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hashes of what determines a result. */
public final class StageKey {
  private StageKey() {}

  /** The key of a stage: of its kind and version, its configuration and the keys of its inputs. */
  public static String of(StageKind kind, StageConfig config, Map<String, String> inputs) {
    List<String> parts = new ArrayList<>();
    parts.add(kind.id());
    parts.add(Integer.toString(kind.version()));
    parts.add(CanonicalJson.write(config.withoutPaths()));
    new TreeMap<>(inputs)
        .forEach(
            (name, key) -> {
              parts.add(name);
              parts.add(key);
            });
    return hash(parts);
  }

  /** SHA-256 over parts, each after its length, so that no two lists collide. */
  public static String hash(List<String> parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(8).putLong(bytes.length).array());
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
