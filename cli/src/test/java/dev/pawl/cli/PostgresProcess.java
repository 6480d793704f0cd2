package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.JdbcSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A PostgreSQL in a process of its own, that can be killed and started again at its address. */
final class PostgresProcess implements AutoCloseable {
  private final Path home;
  private final Process keeper;
  private final JdbcSettings settings;

  private PostgresProcess(Path home, Process keeper, JdbcSettings settings) {
    this.home = home;
    this.keeper = keeper;
    this.settings = settings;
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param home of its data
   * @param name of this start, once in the folder
   */
  static PostgresProcess start(Path folder, Path home, String name)
      throws IOException, InterruptedException {
    Path address = folder.resolve(name + ".address");
    Path said = folder.resolve(name + ".txt");
    Process keeper =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ExternalPostgres.class.getName(),
                home.toString(),
                address.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    while (!Files.exists(address)) {
      assertTrue(keeper.isAlive(), Files.readString(said));
      Thread.sleep(20);
    }
    List<String> lines = Files.readAllLines(address);
    return new PostgresProcess(
        home,
        keeper,
        new JdbcSettings(lines.get(0), Optional.of(lines.get(1)), Optional.of(lines.get(2))));
  }

  JdbcSettings settings() {
    return settings;
  }

  /** Ends it as by SIGKILL. */
  void kill() throws IOException, InterruptedException {
    // Its keeper first, which would start it again at once.
    keeper.destroyForcibly().waitFor();
    Path pid = home.resolve("data").resolve("postmaster.pid");
    try {
      String number = Files.readAllLines(pid).get(0).strip();
      new ProcessBuilder("kill", "-KILL", number).start().waitFor();
    } catch (NoSuchFileException ended) {
      // It follows its keeper in good order, and was faster.
      assertFalse(keeper.isAlive());
    }
  }

  @Override
  public void close() {
    keeper.destroy();
    keeper.onExit().join();
  }
}
