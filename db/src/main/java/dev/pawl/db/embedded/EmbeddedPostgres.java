package dev.pawl.db.embedded;

import dev.pawl.db.DatabaseUnavailableException;
import dev.pawl.db.JdbcSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded server of one home folder. The first process that starts it owns it; others attach,
 * and one of them takes over, on the same port, when the owner goes away. A process that ends
 * without closing it takes its server along; a server that ends without its process is started
 * again, on the same port. Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final long ATTACH_SECONDS = 60;
  private static final long WATCH_MILLISECONDS = 200;

  /** A server that lived so long did not end because of how it was started. */
  private static final long LONG_LIFE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int MOST_RESTARTS = 5;
  private static final int START_TRIES = 30;

  private final ServerFolder folder;
  private final FileChannel lockFile;
  private final JdbcSettings settings;
  private final Thread keeper;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile boolean owner;

  private EmbeddedPostgres(Path home) throws IOException, InterruptedException {
    folder = ServerFolder.prepare(home);
    lockFile =
        FileChannel.open(
            folder.lock(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    CountDownLatch first = new CountDownLatch(1);
    Throwable[] failure = new Throwable[1];
    FileLock lock = lockFile.tryLock();
    owner = lock != null;
    // The server gets its death signal when the thread that started it ends, so one thread lives
    // with it. Where another process owns the server, the thread waits for its turn.
    keeper = new Thread(() -> keep(owner, first, failure), "embedded-postgres");
    keeper.setDaemon(true);
    keeper.start();
    if (owner) {
      first.await();
      if (failure[0] != null) {
        lockFile.close();
        throw new DatabaseUnavailableException(
            "the embedded PostgreSQL in %s does not start: %s. See %s, or set PAWL_JDBC_URL to a PostgreSQL of your own"
                .formatted(home, failure[0].getMessage(), folder.log()),
            failure[0]);
      }
    }
    settings = awaitEndpoint();
  }

  /**
   * Starts the server of a home folder, or attaches to the running one.
   *
   * @throws DatabaseUnavailableException when it does not come up; names the log and PAWL_JDBC_URL
   */
  public static EmbeddedPostgres start(Path home) {
    try {
      return new EmbeddedPostgres(home.toAbsolutePath().normalize());
    } catch (IOException e) {
      throw new DatabaseUnavailableException(
          "the embedded PostgreSQL in %s cannot be set up: %s. Free the folder or the disk, or set PAWL_JDBC_URL to a PostgreSQL of your own"
              .formatted(home, e),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseUnavailableException("interrupted while PostgreSQL was starting", e);
    }
  }

  public JdbcSettings settings() {
    return settings;
  }

  /**
   * How a role logs in. Its password lies in the folder; a server that does not take it is told.
   *
   * @param let gives the role that password
   */
  public JdbcSettings login(String role, Consumer<String> let) {
    try {
      String password = ServerFolder.secret(folder.password(role));
      JdbcSettings login =
          new JdbcSettings(settings.url(), Optional.of(role), Optional.of(password));
      if (!Server.answers(login)) {
        let.accept(password);
      }
      return login;
    } catch (IOException e) {
      throw new DatabaseUnavailableException(
          "the password of %s cannot be kept in %s: %s. Free the folder or the disk"
              .formatted(role, folder.home(), e),
          e);
    }
  }

  /** Whether the server is a child of this process. */
  public boolean owner() {
    return owner;
  }

  private void keep(boolean owned, CountDownLatch first, @Nullable Throwable[] failure) {
    @Nullable Process server = null;
    try {
      if (!owned) {
        FileLock turn = lockFile.lock();
        owner = turn.isValid();
      }
      server = new Server(folder).start();
      first.countDown();
      int restarts = 0;
      long started = System.nanoTime();
      while (!closing.await(WATCH_MILLISECONDS, TimeUnit.MILLISECONDS)) {
        if (server.isAlive()) {
          continue;
        }
        restarts = System.nanoTime() - started > LONG_LIFE_NANOS ? 1 : restarts + 1;
        if (restarts > MOST_RESTARTS) {
          say("the embedded PostgreSQL ends again and again; see " + folder.log());
          throw new IOException("it ended %d times in a row".formatted(restarts));
        }
        say(
            "the embedded PostgreSQL ended (exit code %d) and is started again; see %s"
                .formatted(server.exitValue(), folder.log()));
        server = restart(server);
        started = System.nanoTime();
      }
    } catch (IOException | RuntimeException e) {
      failure[0] = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (server != null && server.isAlive()) {
        Server.stop(server);
      }
      first.countDown();
    }
  }

  // Backends of a killed server live for a moment, and the new one does not start beside them.
  private Process restart(Process ended) throws InterruptedException {
    for (int i = 0; i < START_TRIES; i++) {
      try {
        return new Server(folder).restart();
      } catch (IOException e) {
        LOG.warn("the embedded PostgreSQL does not start again yet", e);
        if (closing.await(1, TimeUnit.SECONDS)) {
          return ended;
        }
      }
    }
    return ended;
  }

  private static void say(String what) {
    System.err.println("pawl: " + what);
  }

  private JdbcSettings awaitEndpoint() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ATTACH_SECONDS);
    while (System.nanoTime() < end) {
      if (Files.exists(folder.endpoint())) {
        int port = Integer.parseInt(Files.readString(folder.endpoint()).trim());
        JdbcSettings found =
            new JdbcSettings(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                Optional.of(ServerFolder.USER),
                Optional.of(Files.readString(folder.password()).trim()));
        if (Server.answers(found)) {
          return found;
        }
      }
      Thread.sleep(50);
    }
    throw new DatabaseUnavailableException(
        "the embedded PostgreSQL in %s belongs to another process but does not answer. See %s"
            .formatted(folder.home(), folder.log()));
  }

  /** Stops the server if this process owns it; a second call does nothing. */
  @Override
  public void close() {
    if (closing.getCount() == 0) {
      return;
    }
    closing.countDown();
    try {
      if (owner) {
        keeper.join(TimeUnit.SECONDS.toMillis(30));
      }
      lockFile.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new DatabaseUnavailableException("the lock of the embedded PostgreSQL is stuck", e);
    }
  }
}
