package dev.pawl.model.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of its vector kernels libtorch uses on a CPU. Two of them sum in different orders, so a
 * training that goes on under another one does not end with the same bits.
 *
 * <p>libtorch chooses by the variable {@code ATEN_CPU_CAPABILITY} or else by what the CPU can do,
 * and tells its choice to Python only; this repeats it (ATen/native/DispatchStub.cpp of 2.7).
 */
public final class CpuCapability {
  private static final String DEFAULT = "default";
  private static final String AVX2 = "avx2";
  private static final String AVX512 = "avx512";
  private static final Set<String> NAMES = Set.of(DEFAULT, AVX2, AVX512);
  private static final List<String> FOR_AVX512 = List.of("avx512vl", "avx512bw", "avx512dq", "fma");
  private static final List<String> FOR_AVX2 = List.of("avx2", "fma");

  private CpuCapability() {}

  /** That of this process: {@code default}, {@code avx2} or {@code avx512}. */
  public static String ofThisProcess() {
    return of(System.getenv("ATEN_CPU_CAPABILITY"), flag(lines(), "flags").orElse(""));
  }

  /** The name of the CPU, for people; {@code unknown} where the system does not tell. */
  public static String cpu() {
    return flag(lines(), "model name").orElse("unknown");
  }

  /**
   * The choice.
   *
   * @param asked value of the variable
   * @param flags of the CPU, as Linux lists them
   */
  static String of(@Nullable String asked, String flags) {
    if (asked != null && NAMES.contains(asked.toLowerCase(Locale.ROOT))) {
      return asked.toLowerCase(Locale.ROOT);
    }
    Set<String> able = new HashSet<>(List.of(flags.strip().split("\\s+")));
    if (able.containsAll(FOR_AVX512)) {
      return AVX512;
    }
    return able.containsAll(FOR_AVX2) ? AVX2 : DEFAULT;
  }

  private static Optional<String> flag(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name) && line.contains(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo"));
    } catch (IOException noLinux) {
      return List.of();
    }
  }
}
