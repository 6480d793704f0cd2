package dev.pawl.cli;

import dev.pawl.activities.store.ObjectStores;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.CpuCapability;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Java, code, the home folder, the artifacts in it and the device. */
final class MachineExamination {
  private static final long GIB = 1L << 30;
  private static final long SCARCE = 5 * GIB;
  private static final long TOO_LITTLE = GIB / 2;

  private final Path home;

  MachineExamination(Path home) {
    this.home = home;
  }

  List<Checkup> examine() throws IOException {
    List<Checkup> found = new ArrayList<>();
    found.add(
        Checkup.ok(
            "java",
            "%s, up to %s of its own memory"
                .formatted(
                    System.getProperty("java.runtime.version"),
                    gib(Runtime.getRuntime().maxMemory()))));
    found.add(Checkup.ok("code", Machines.codeVersion()));
    found.add(home());
    return found;
  }

  private Checkup home() throws IOException {
    Path there = nearest(home);
    if (!Files.isWritable(there)) {
      return Checkup.failed(
          "home",
          there + " cannot be written to",
          "give this user the right to, or name another home with --home or PAWL_HOME");
    }
    long free = Files.getFileStore(there).getUsableSpace();
    String finding =
        "%s%s, %s free"
            .formatted(home, there.equals(home) ? "" : " (the first run makes it)", gib(free));
    if (free < TOO_LITTLE) {
      return Checkup.failed("home", finding, "free some disk: a checkpoint may not fit");
    }
    return free < SCARCE
        ? Checkup.warning("home", finding, "free some disk before a long training")
        : Checkup.ok("home", finding);
  }

  /** Where finished stages lie: in the home, and where hosts share them. */
  List<Checkup> store(Map<String, String> environment) {
    List<Checkup> found = new ArrayList<>();
    Path artifacts = home.resolve("artifacts");
    if (!Files.exists(artifacts)) {
      found.add(Checkup.ok("store", artifacts + " (the first run makes it)"));
    } else if (Files.isDirectory(artifacts)
        && Files.isWritable(artifacts)
        && Files.isReadable(artifacts)) {
      found.add(Checkup.ok("store", artifacts + " can be read and written"));
    } else {
      found.add(
          Checkup.failed(
              "store",
              artifacts + " cannot be read and written",
              "give this user the right to, or name another home"));
    }
    try {
      ObjectStores.of(environment)
          .ifPresent(store -> found.add(Checkup.ok("shared store", store.place() + " answers")));
    } catch (PawlException e) {
      found.add(
          Checkup.failed(
              "shared store",
              e.getMessage(),
              "check %s and AWS's variables (docs/artifacts.md)".formatted(ObjectStores.VARIABLE)));
    }
    return found;
  }

  /** Loads the engine. */
  static List<Checkup> device() {
    int cores = Runtime.getRuntime().availableProcessors();
    try {
      Torch.start(Math.max(1, Torch.threads()));
      return List.of(
          Checkup.ok(
              "device",
              "%s (%s, %s), %d cores, libtorch %s"
                  .formatted(
                      Torch.deviceName(),
                      CpuCapability.cpu(),
                      CpuCapability.ofThisProcess(),
                      cores,
                      Torch.version())));
    } catch (PawlException e) {
      return List.of(
          Checkup.failed("device", e.getMessage(), "PAWL_DEVICE=cpu computes without a GPU"));
    } catch (RuntimeException | LinkageError e) {
      return List.of(
          Checkup.failed(
              "device",
              "libtorch does not load: " + e.getMessage(),
              "Pawl computes on Linux, x86-64, with glibc; DJL_CACHE_DIR must be a folder that this user can write to"));
    }
  }

  /** The folder itself, or the nearest one above it that exists. */
  private static Path nearest(Path folder) {
    Path each = folder;
    while (!Files.exists(each) && each.getParent() != null) {
      each = each.getParent();
    }
    return each;
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
  }
}
