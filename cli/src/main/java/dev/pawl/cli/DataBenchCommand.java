package dev.pawl.cli;

import dev.pawl.model.dataset.ShardFolder;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.model.dataset.ShardSet;
import dev.pawl.model.dataset.Unsharder;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures checksum and unshard against what the machine can do. All are run in turn, round after
 * round, so that a neighbour on the machine meets all alike; medians are printed.
 */
@Command(
    name = "bench",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Measure checksum against sha256sum, and unshard against disk and SHA-256.")
final class DataBenchCommand implements Callable<Integer> {
  private static final int BUFFER_BYTES = 1 << 20;

  @Option(
      names = "--work",
      required = true,
      paramLabel = "DIR",
      description = "An empty or absent folder on the disk to measure; removed at the end.")
  private Path work;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "8",
      description = "Files to measure with (${DEFAULT-VALUE}).")
  private int shards;

  @Option(
      names = "--shard-mib",
      paramLabel = "MIB",
      defaultValue = "64",
      description = "Size of a file in MiB (${DEFAULT-VALUE}).")
  private int shardMebibytes;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "Rounds that count, after one that does not (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(work);
    try (Stream<Path> files = Files.list(work)) {
      if (files.findAny().isPresent()) {
        throw new PawlException(
            FailureCause.CONFIG, work + " is not empty; name an empty or absent folder");
      }
    }
    Path input = Files.createDirectory(work.resolve("in"));
    List<Path> files = write(input);
    ShardManifest manifest = ShardManifest.ofFolder(input);
    long bytes = (long) shards * shardMebibytes * BUFFER_BYTES;
    int cores = Runtime.getRuntime().availableProcessors();
    try {
      for (int round = 0; round <= rounds; round++) {
        // The first round warms up and does not count.
        boolean count = round > 0;
        time("sha256sum", count, () -> sha256sum(files, 1));
        time("checksum, 1 job", count, () -> checksum(input, manifest, 1));
        time("sha256sum, " + cores + " jobs", count, () -> sha256sum(files, cores));
        time("checksum, " + cores + " jobs", count, () -> checksum(input, manifest, cores));
        time("SHA-256 in memory", count, () -> digest(bytes));
        time("raw write and force", count, () -> rawWrite(bytes));
        time("copy and force", count, () -> copy(files));
        time("unshard, verified", count, () -> unshard(input, manifest));
      }
      print(bytes);
      return ExitCode.DONE;
    } finally {
      remove(work);
    }
  }

  private void print(long bytes) {
    List<List<Object>> rows = new ArrayList<>();
    seconds.forEach(
        (name, times) ->
            rows.add(
                List.of(
                    name,
                    number(bytes / 1e6 / median(times)),
                    number(bytes / 1e6 / times.stream().max(Double::compare).orElseThrow()),
                    number(bytes / 1e6 / times.stream().min(Double::compare).orElseThrow()))));
    System.out.print(format.rows(List.of("what", "mb_per_second", "slowest", "fastest"), rows));
    double slower =
        Math.max(
            median(seconds.get("SHA-256 in memory")), median(seconds.get("raw write and force")));
    System.err.printf(
        Locale.ROOT,
        "checksum / sha256sum: %.0f%%; unshard / slower of raw write and SHA-256: %.0f%%%n",
        100 * median(seconds.get("sha256sum")) / median(seconds.get("checksum, 1 job")),
        100 * slower / median(seconds.get("unshard, verified")));
  }

  private List<Path> write(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    byte[] buffer = new byte[BUFFER_BYTES];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < shards; i++) {
      Path file = folder.resolve("bench-%05d-of-%05d.bin".formatted(i, shards - 1));
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (int k = 0; k < shardMebibytes; k++) {
          random.nextBytes(buffer);
          channel.write(ByteBuffer.wrap(buffer));
        }
        channel.force(true);
      }
      files.add(file);
    }
    return files;
  }

  private static void sha256sum(List<Path> files, int jobs) throws Exception {
    List<String> command =
        new ArrayList<>(
            jobs == 1
                ? List.of("sha256sum")
                : List.of(
                    "sh",
                    "-c",
                    "printf '%s\\0' \"$@\" | xargs -0 -n1 -P" + jobs + " sha256sum",
                    "sh"));
    files.forEach(file -> command.add(file.toString()));
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    if (process.waitFor() != 0) {
      throw new IOException("sha256sum failed");
    }
  }

  private static void checksum(Path folder, ShardManifest manifest, int jobs) throws IOException {
    boolean fine =
        ShardFolder.verify(folder, manifest, jobs, Optional.empty(), bytes -> {})
            .problems()
            .isEmpty();
    if (!fine) {
      throw new IOException("the files of the measurement changed");
    }
  }

  private static void digest(long bytes) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[BUFFER_BYTES];
    for (long done = 0; done < bytes; done += buffer.length) {
      digest.update(buffer);
    }
    digest.digest();
  }

  private void rawWrite(long bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    Path file = work.resolve("raw");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long done = 0; done < bytes; done += BUFFER_BYTES) {
        channel.write(buffer.clear());
      }
      channel.force(true);
    }
    Files.delete(file);
  }

  private void copy(List<Path> files) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    Path target = work.resolve("copy");
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (Path file : files) {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
          while (in.read(buffer.clear()) >= 0) {
            out.write(buffer.flip());
          }
        }
      }
      out.force(true);
    }
    Files.delete(target);
  }

  private void unshard(Path input, ShardManifest manifest) throws IOException {
    Path output = work.resolve("bench.bin");
    ShardSet set = ShardSet.numbered(input, OptionalInt.empty(), Optional.of(manifest));
    Unsharder.unshard(set, output, work, Optional.empty(), bytes -> {});
    Files.delete(output);
  }

  private void time(String name, boolean count, Work body) throws Exception {
    long begin = System.nanoTime();
    body.run();
    if (count) {
      seconds
          .computeIfAbsent(name, each -> new ArrayList<>())
          .add((System.nanoTime() - begin) / 1e9);
    }
  }

  private static double median(List<Double> times) {
    return times.stream().sorted().toList().get(times.size() / 2);
  }

  private static long number(double value) {
    return Math.round(value);
  }

  private static void remove(Path folder) throws IOException {
    List<Path> inside;
    try (Stream<Path> walk = Files.walk(folder)) {
      inside = walk.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path each : inside) {
      Files.delete(each);
    }
  }

  /** What is measured. */
  private interface Work {
    void run() throws Exception;
  }
}
