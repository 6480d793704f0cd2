package dev.pawl.cli;

import dev.pawl.model.torch.CpuCapability;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Describes code and machine for the record. */
final class Machines {
  private Machines() {}

  /** What every attempt of this process is stored with. */
  static Map<String, String> environment(int threads) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("code_version", codeVersion());
    environment.put("libtorch", Torch.version());
    environment.put("cpu_capability", CpuCapability.ofThisProcess());
    environment.put("cpu", CpuCapability.cpu());
    environment.put("device", Torch.deviceName());
    environment.put("threads", Integer.toString(threads));
    return environment;
  }

  /** Version and, where the build knew it, commit. */
  static String codeVersion() {
    Properties properties = new Properties();
    try (InputStream in = Machines.class.getResourceAsStream("/dev/pawl/cli/version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      return "unknown";
    }
    String commit = properties.getProperty("commit", "");
    String version = properties.getProperty("version", "unknown");
    // Built without a repository: the placeholder stays.
    if (commit.isEmpty() || commit.startsWith("$")) {
      return version;
    }
    boolean changed = Boolean.parseBoolean(properties.getProperty("dirty"));
    return version + "+" + commit + (changed ? ".changed" : "");
  }
}
