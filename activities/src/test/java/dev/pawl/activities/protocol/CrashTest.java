package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.activities.StageOutcome;
import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.Owner;
import dev.pawl.db.StageStatus;
import dev.pawl.db.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kills a worker's process for real, then lets another one finish. */
class CrashTest {
  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({
    "report.after_claim, RUNNING, 1",
    "report.before_publish, RUNNING, 1",
    "report.between_move_and_done, RUNNING, 0",
    "report.after_done, DONE, 0"
  })
  void theNextWorkerEndsWithTheSameArtifact(String point, StageStatus left, int executions)
      throws IOException, InterruptedException {
    JdbcSettings settings = TestDatabase.freshSettings();
    try (Database database = Database.open(settings)) {
      OneStage stage = new OneStage(database, home);
      assertEquals(137, killedAt(point, settings, stage.key()));
      assertEquals(left, stage.row().status());

      DeadOwners.reclaim(database, Owner.ofThisProcess("test"));
      AtomicInteger executed = new AtomicInteger();
      StageOutcome outcome =
          stage.run(
              context -> {
                executed.incrementAndGet();
                Files.writeString(context.output().resolve("letter.txt"), "hello");
              });

      assertEquals(executions, executed.get());
      assertEquals(StageStatus.DONE, stage.row().status());
      assertEquals("hello", Files.readString(stage.artifact().resolve("letter.txt")));
      assertEquals(64, outcome.digest().length());
      try (Stream<Path> folders = Files.list(stage.artifact().getParent())) {
        assertEquals(List.of(stage.artifact()), folders.toList());
      }
    }
  }

  private int killedAt(String point, JdbcSettings settings, String key)
      throws IOException, InterruptedException {
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dpawl.chaos=kill@" + point,
                KilledWorker.class.getName(),
                settings.url(),
                settings.user().orElse(""),
                settings.password().orElse(""),
                home.toString(),
                key)
            .inheritIO()
            .start();
    return worker.waitFor();
  }
}
