package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.artifact.ArtifactManifest;
import dev.pawl.activities.artifact.LocalArtifactStore;
import dev.pawl.activities.artifact.Producer;
import dev.pawl.db.Claim;
import dev.pawl.db.Completion;
import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.Owner;
import dev.pawl.db.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was made in one home before artifacts were shared comes to another one. */
class ArtifactsCommandTest {
  private static final String KIND = "corpus";
  private static final String KEY = "c".repeat(64);

  @TempDir Path folder;

  @Test
  void aHomeIsPushedAndFetchedIntoAnotherOne() throws Exception {
    Path here = Files.createDirectory(folder.resolve("here"));
    Path there = Files.createDirectory(folder.resolve("there"));
    Path shared = Files.createDirectory(folder.resolve("shared"));
    JdbcSettings settings = TestDatabase.freshSettings();
    record(settings, here);
    Map<String, String> environment = new TreeMap<>();
    environment.put("PAWL_JDBC_URL", settings.url());
    settings.user().ifPresent(user -> environment.put("PAWL_JDBC_USER", user));
    settings.password().ifPresent(password -> environment.put("PAWL_JDBC_PASSWORD", password));

    PawlProcess unset = pawl(environment, here, "push");
    assertEquals(ExitCode.USAGE, unset.exitCode(), unset.err());
    assertTrue(unset.err().contains("PAWL_STORE names no store"), unset.err());

    environment.put("PAWL_STORE", shared.toString());
    PawlProcess pushed = pawl(environment, here, "push", "-o", "csv");
    assertEquals(ExitCode.DONE, pushed.exitCode(), pushed.err());
    assertEquals("kind,key,bytes,state\n%s,%s,11,sent\n".formatted(KIND, KEY), plain(pushed));

    PawlProcess fetched = pawl(environment, there, "fetch", "one", "-o", "csv");
    assertEquals(ExitCode.DONE, fetched.exitCode(), fetched.err());
    Path artifact = there.toRealPath().resolve("artifacts").resolve(KIND).resolve(KEY);
    assertEquals("kind,folder\n%s,%s\n".formatted(KIND, artifact), plain(fetched));
    assertEquals("once upon a", Files.readString(artifact.resolve("text")));
  }

  private static String plain(PawlProcess process) throws IOException {
    return process.out().replace("\r", "");
  }

  private PawlProcess pawl(Map<String, String> environment, Path home, String... words)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("artifacts"));
    arguments.addAll(List.of(words));
    arguments.addAll(List.of("--home", home.toString()));
    return PawlProcess.start(folder, environment, arguments.toArray(new String[0]));
  }

  /** A run of one stage that is done, with its artifact in a home. */
  private static void record(JdbcSettings settings, Path home) throws IOException {
    NewStage stage = new NewStage(KEY, KIND, 1, "{}", Map.of());
    NewRun run = new NewRun("run1", "one", "block", 1, "{}", List.of(stage));
    try (Database database = Database.open(settings)) {
      database
          .experiments()
          .register(new NewExperiment("exp1", "quick", "digest", "{}", "yaml", List.of(run)));
      Claim claim =
          database
              .stages()
              .claim(
                  KEY,
                  Owner.ofThisProcess("test"),
                  Duration.ofMinutes(1),
                  database.environments().register("{}"))
              .claim()
              .orElseThrow();
      LocalArtifactStore artifacts = new LocalArtifactStore(home);
      Producer producer = new Producer("host", 1, claim.attempt());
      Path output = artifacts.prepare(KIND, KEY, producer);
      Files.writeString(output.resolve("text"), "once upon a");
      ArtifactManifest manifest = artifacts.seal(output, KIND, KEY, producer, "{}", bytes -> {});
      artifacts.publish(output, KIND, KEY, producer, bytes -> {}, () -> {});
      database
          .stages()
          .complete(
              claim,
              new Completion(
                  manifest.digest(), manifest.bytes(), artifacts.path(KIND, KEY), KIND, "{}"));
    }
  }
}
