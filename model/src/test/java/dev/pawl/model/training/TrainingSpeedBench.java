package dev.pawl.model.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Whole optimizer steps of vanilla models, by this trainer and by transformers' GPT-NeoX in PyTorch
 * eager with fused AdamW: the same shapes, threads and precision. Each program is a process of its
 * own; they take turns, one step each, and medians are printed with the ratio of PyTorch's time to
 * ours. Memory is the highest resident size while training, minus the resident size after the same
 * program trained a tiny model: weights, moments, gradients, activations and logits, but neither
 * libraries nor Java's heap (128 MiB, touched before).
 *
 * <p>On a machine that others use too, compare the processor time of one thread: the clock counts
 * their work, and threads that wait for each other are busy.
 *
 * <p>Run by hand, with the test class path. Arguments: a Python interpreter that has torch and
 * transformers, the number of threads, rounds, and the names of the shapes (all by default), with
 * {@code :FP32} or {@code :BF16} behind where only one precision is wanted.
 */
public final class TrainingSpeedBench {
  /** Hidden size, layers, heads, vocabulary, batch, length. */
  private static final Map<String, List<Integer>> SHAPES = shapes();

  private static final int WARM = 3;
  private static final long CHUNK_BYTES = 64L << 20;

  /** Milliseconds of a step on the clock, and those that its threads were at work. */
  private record Times(double clock, double busy) {}

  private record Program(String name, Process process, BufferedReader out, long base)
      implements AutoCloseable {

    String ask(String question) throws IOException {
      OutputStream in = process.getOutputStream();
      in.write((question + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
      String answer = out.readLine();
      if (answer == null) {
        throw new IOException(name + " ended");
      }
      return answer;
    }

    Times step() throws IOException {
      List<String> words = List.of(ask("step").split(" ", 3));
      return new Times(Long.parseLong(words.get(0)) / 1e6, Long.parseLong(words.get(1)) / 1e6);
    }

    @Override
    public void close() throws IOException {
      process.getOutputStream().close();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        process.destroy();
        Thread.currentThread().interrupt();
      }
    }
  }

  private TrainingSpeedBench() {}

  private static Map<String, List<Integer>> shapes() {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("quickstart", List.of(64, 4, 2, 256, 16, 128));
    shapes.put("small", List.of(256, 4, 8, 8192, 8, 256));
    shapes.put("vocabulary", List.of(256, 6, 8, 50_304, 8, 512));
    return shapes;
  }

  /** Prints a table a shape. */
  public static void main(String[] arguments) throws IOException {
    String python = arguments[0];
    int threads = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    List<String> names =
        arguments.length > 3
            ? Arrays.asList(arguments).subList(3, arguments.length)
            : List.copyOf(SHAPES.keySet());
    Path script = Files.createTempFile("speed-reference", ".py");
    try (InputStream in = TrainingSpeedBench.class.getResourceAsStream("speed_reference.py")) {
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
      for (String name : names) {
        // "small:BF16" is one precision of a shape.
        List<String> parts = List.of(name.split(":", 2));
        for (String precision : parts.size() > 1 ? parts.subList(1, 2) : List.of("FP32", "BF16")) {
          shape(python, script, parts.get(0), precision, threads, rounds);
        }
      }
    } finally {
      Files.delete(script);
    }
  }

  private static void shape(
      String python, Path script, String name, String precision, int threads, int rounds)
      throws IOException {
    List<String> sizes = new ArrayList<>();
    SHAPES.get(name).forEach(size -> sizes.add(size.toString()));
    sizes.add(Integer.toString(threads));
    long chunk = Math.max(1, CHUNK_BYTES / (4L * SHAPES.get(name).get(3)));
    List<Program> programs = new ArrayList<>();
    try {
      programs.add(ours(sizes, precision));
      for (String kind : precision.equals("FP32") ? List.of("fp32") : List.of("autocast", "copy")) {
        for (String loss : List.of("whole", "chunked")) {
          for (String attention : List.of("eager", "sdpa")) {
            programs.add(reference(python, script, sizes, kind, loss, attention, chunk));
          }
        }
      }
      report(name + " " + precision, threads, programs, rounds);
    } finally {
      for (Program program : programs) {
        program.close();
      }
    }
  }

  private static void report(String title, int threads, List<Program> programs, int rounds)
      throws IOException {
    List<List<Times>> times = new ArrayList<>();
    for (Program program : programs) {
      times.add(new ArrayList<>());
      for (int i = 0; i < WARM; i++) {
        program.step();
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < programs.size(); i++) {
        times.get(i).add(programs.get(i).step());
      }
    }
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    System.out.printf("%s, %d threads, %d rounds, load %s%n", title, threads, rounds, load);
    double own = median(times.get(0), Times::clock);
    double ownBusy = median(times.get(0), Times::busy);
    long ownBytes = memory(programs.get(0));
    for (int i = 0; i < programs.size(); i++) {
      double clock = median(times.get(i), Times::clock);
      double busy = median(times.get(i), Times::busy);
      long bytes = memory(programs.get(i));
      System.out.printf(
          Locale.ROOT,
          "  %-24s clock %8.1f ms, /ours %5.2f   processor %8.1f ms, /ours %5.2f   %6d MB, ours %4.2f of it%n",
          programs.get(i).name(),
          clock,
          clock / own,
          busy,
          busy / ownBusy,
          bytes / 1_000_000,
          (double) ownBytes / bytes);
    }
  }

  private static long memory(Program program) throws IOException {
    return Long.parseLong(program.ask("peak")) - program.base();
  }

  private static double median(List<Times> times, ToDoubleFunction<Times> value) {
    return times.stream().mapToDouble(value).sorted().toArray()[times.size() / 2];
  }

  private static Program ours(List<String> sizes, String precision) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                SpeedWorker.class.getName()));
    command.addAll(sizes);
    command.add(precision);
    return start("ours", command);
  }

  private static Program reference(
      String python,
      Path script,
      List<String> sizes,
      String kind,
      String loss,
      String attention,
      long chunk)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(python, script.toString()));
    command.addAll(sizes);
    command.addAll(List.of(kind, loss, attention, Long.toString(chunk)));
    return start(kind + " " + loss + " " + attention, command);
  }

  private static Program start(String name, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("DJL_OFFLINE", "true");
    builder.environment().put("OPT_OUT_TRACKING", "true");
    builder.environment().put("CUDA_VISIBLE_DEVICES", "");
    Process process = builder.start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    while (line != null && !line.startsWith("ready ")) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException(name + " does not start: " + String.join(" ", command));
    }
    return new Program(name, process, out, Long.parseLong(line.substring("ready ".length())));
  }
}
