package dev.pawl.cli;

import dev.pawl.activities.artifact.ArtifactStore;
import dev.pawl.activities.artifact.ArtifactStores;
import dev.pawl.activities.store.ObjectStores;
import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends the artifacts of a home to the store that hosts share. */
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    description = "Send the artifacts of this home to the shared store, as far as it lacks them.")
final class ArtifactsPushCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "Id or its beginning, name, or experiment/name; all runs without it.")
  private @Nullable String name;

  @Option(
      names = "--again",
      description = "Send also what the store has already, over what it has.")
  private boolean again;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Mixin private HomeOption home;

  @Override
  public Integer call() throws IOException {
    ArtifactStore artifacts = ArtifactStores.of(home.path());
    if (artifacts.sharedPlace().isEmpty()) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%s names no store to send to: a folder that hosts share, or s3://bucket/prefix"
              .formatted(ObjectStores.VARIABLE));
    }
    try (Database database = Databases.existing(home.path())) {
      List<List<?>> rows = new ArrayList<>();
      boolean all = true;
      for (StageRow stage : done(database)) {
        String state = send(artifacts, stage);
        all &= !state.startsWith("missing");
        rows.add(List.of(stage.kind(), stage.key(), format.count(stage.bytes().orElse(0L)), state));
      }
      System.out.print(format.rows(List.of("kind", "key", "bytes", "state"), rows));
      return all ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private String send(ArtifactStore artifacts, StageRow stage) throws IOException {
    String digest = stage.digest().orElse("");
    try (TransferProgress progress = new TransferProgress(stage.kind(), stage.bytes().orElse(0L))) {
      if (artifacts.share(stage.kind(), stage.key(), digest, again, progress)) {
        return "sent";
      }
      return artifacts
          .verify(stage.kind(), stage.key(), digest, false, bytes -> {})
          .map(problem -> "missing: " + problem)
          .orElse("there");
    }
  }

  private List<StageRow> done(Database database) {
    List<RunRow> runs =
        name == null ? database.experiments().runs() : List.of(RunChoice.one(database, name));
    Map<String, StageRow> stages = new LinkedHashMap<>();
    for (RunRow run : runs) {
      database.experiments().stagesOf(run.id()).stream()
          .filter(stage -> stage.status() == StageStatus.DONE)
          .forEach(stage -> stages.put(stage.key(), stage));
    }
    return List.copyOf(stages.values());
  }
}
