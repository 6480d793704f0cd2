package dev.pawl.db.embedded;

import dev.pawl.db.JdbcSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** Initialises and runs the server of a folder. Only the holder of the folder's lock may. */
final class Server {
  private static final long START_SECONDS = 60;
  private static final long STOP_SECONDS = 20;
  private static final long LEFT_OVER_SECONDS = 20;

  /** What PostgreSQL says of processes that still hold the memory of the server before. */
  private static final String LEFT_OVER = "old server processes";

  private final ServerFolder folder;

  Server(ServerFolder folder) {
    this.folder = folder;
  }

  /**
   * Starts the server from the calling thread, on whose life its own depends. Backends of a killed
   * server live for a moment, and a new one does not start beside them: they are waited for.
   */
  Process start() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LEFT_OVER_SECONDS);
    while (true) {
      try {
        return start(port());
      } catch (IOException e) {
        if (!String.valueOf(e.getMessage()).contains(LEFT_OVER) || System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(200);
      }
    }
  }

  /**
   * Starts it again on the port that everybody knows.
   *
   * @throws IOException also while somebody else has that port
   */
  Process restart() throws IOException, InterruptedException {
    int last = Integer.parseInt(Files.readString(folder.endpoint()).trim());
    if (port() != last) {
      throw new IOException("port " + last + " is in use");
    }
    return start(last);
  }

  private Process start(int port) throws IOException, InterruptedException {
    Launcher launcher = Launcher.of(folder);
    Path endpoint = folder.endpoint();
    Files.createDirectories(folder.sockets());
    if (launcher.asPostgres()) {
      Files.setPosixFilePermissions(folder.home(), PosixFilePermissions.fromString("rwx--x--x"));
      own(folder.sockets(), folder.password());
    }
    initialise(launcher);
    stopLeftOver(launcher);
    ProcessBuilder builder =
        new ProcessBuilder(
                launcher.command(
                    folder.program("postgres"),
                    "-D",
                    folder.data().toString(),
                    "-p",
                    Integer.toString(port),
                    "-k",
                    socketFolder(),
                    "-c",
                    "listen_addresses=127.0.0.1"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()));
    // How the launcher has this process keep freed memory is not for the server's many processes.
    builder.environment().remove("GLIBC_TUNABLES");
    Process server = builder.start();
    JdbcSettings settings =
        new JdbcSettings(
            "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
            Optional.of(ServerFolder.USER),
            Optional.of(Files.readString(folder.password()).trim()));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!answers(settings)) {
      if (!server.isAlive()) {
        throw new IOException("it ended with exit code " + server.exitValue() + tail());
      }
      if (System.nanoTime() > end) {
        stop(server);
        throw new IOException("it does not answer within " + START_SECONDS + " s");
      }
      Thread.sleep(30);
    }
    Path temporary = endpoint.resolveSibling("endpoint.tmp");
    Files.writeString(temporary, Integer.toString(port));
    Files.move(
        temporary, endpoint, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return server;
  }

  /** Fast shutdown: sessions end, everything committed stays. */
  static void stop(Process server) {
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(server.pid())).start().waitFor();
      if (!server.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      server.destroy();
    } catch (InterruptedException e) {
      server.destroy();
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the server takes a connection now. */
  static boolean answers(JdbcSettings settings) {
    Properties properties = new Properties();
    settings.user().ifPresent(user -> properties.setProperty("user", user));
    settings.password().ifPresent(password -> properties.setProperty("password", password));
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("socketTimeout", "5");
    try (Connection connection = DriverManager.getConnection(settings.url(), properties)) {
      return connection.isValid(2);
    } catch (SQLException e) {
      return false;
    }
  }

  // The port of the last time, so that attached processes find the server again after a take-over.
  private int port() throws IOException {
    if (Files.exists(folder.endpoint())) {
      int last = Integer.parseInt(Files.readString(folder.endpoint()).trim());
      try (ServerSocket probe = new ServerSocket(last, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException e) {
        return freePort();
      }
    }
    return freePort();
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  // The path of a Unix socket must stay below about 100 bytes.
  private String socketFolder() {
    return folder.sockets().toString().length() < 80 ? folder.sockets().toString() : "";
  }

  private void initialise(Launcher launcher) throws IOException, InterruptedException {
    if (Files.exists(folder.initialised())) {
      return;
    }
    ServerFolder.delete(folder.data());
    Files.createDirectory(folder.data());
    if (launcher.asPostgres()) {
      own(folder.data());
    }
    List<String> command =
        launcher.command(
            folder.program("initdb"),
            "-D",
            folder.data().toString(),
            "-U",
            ServerFolder.USER,
            "-A",
            "scram-sha-256",
            "--pwfile=" + folder.password(),
            "-E",
            "UTF8",
            "--locale=C",
            "--data-checksums");
    Process initdb =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()))
            .start();
    if (initdb.waitFor() != 0) {
      throw new IOException("initdb ended with exit code " + initdb.exitValue() + tail());
    }
    Files.writeString(folder.initialised(), "");
  }

  // Without setpriv a killed owner leaves its server behind; nobody else can have started one.
  private void stopLeftOver(Launcher launcher) throws IOException, InterruptedException {
    if (!Files.exists(folder.data().resolve("postmaster.pid"))) {
      return;
    }
    new ProcessBuilder(
            launcher.command(
                folder.program("pg_ctl"),
                "stop",
                "-D",
                folder.data().toString(),
                "-m",
                "fast",
                "-w",
                "-t",
                "20"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()))
        .start()
        .waitFor();
  }

  private static void own(Path... paths) throws IOException, InterruptedException {
    for (Path path : paths) {
      Process chown = new ProcessBuilder("chown", "postgres:postgres", path.toString()).start();
      if (chown.waitFor() != 0) {
        throw new IOException("chown of " + path + " failed");
      }
    }
  }

  private String tail() throws IOException {
    List<String> lines = Files.exists(folder.log()) ? Files.readAllLines(folder.log()) : List.of();
    return lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1);
  }
}
