package dev.pawl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command as a process of its own. */
final class PawlProcess {
  private static final ObjectMapper JSON = new ObjectMapper();

  final Process process;
  private final Path out;
  private final Path err;

  private PawlProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static PawlProcess start(Path folder, String... arguments) throws IOException {
    return start(folder, Map.of(), arguments);
  }

  /** Starts it with more of an environment. */
  static PawlProcess start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = command();
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("PAWL_HOME");
    builder.environment().remove("PAWL_JDBC_URL");
    builder.environment().remove("TEMPORAL_ADDRESS");
    builder.environment().putAll(environment);
    return new PawlProcess(
        builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start(), out, err);
  }

  /**
   * Java with this class path, or the launcher, with words before it, that {@code -Dpawl.launcher}
   * names.
   */
  private static List<String> command() {
    List<String> command = new ArrayList<>();
    Optional<String> launcher = Optional.ofNullable(System.getProperty("pawl.launcher"));
    if (launcher.isPresent()) {
      return new ArrayList<>(List.of(launcher.get().split(" ", -1)));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    // What is short is done before C2 has paid for itself; the tensors' kernels are not Java's.
    command.add("-XX:TieredStopAtLevel=1");
    // The test class path holds configurations of other modules too.
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Pawl.class.getName());
    return command;
  }

  /** Waits and returns the exit code. */
  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  JsonNode json() throws IOException {
    return JSON.readTree(out());
  }
}
