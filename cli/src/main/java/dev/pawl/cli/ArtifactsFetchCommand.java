package dev.pawl.cli;

import dev.pawl.activities.artifact.ArtifactStore;
import dev.pawl.activities.artifact.ArtifactStores;
import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings the artifacts of a run into this home. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    description = "Bring the artifacts of a run here, compare every byte and print their folders.")
final class ArtifactsFetchCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Id or its beginning, name, or experiment/name.")
  private String name;

  @Option(
      names = "--stage",
      paramLabel = "KIND",
      description = "Only those of this kind, such as pretrain.")
  private @Nullable String kind;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Mixin private HomeOption home;

  @Override
  public Integer call() throws IOException {
    try (Database database = Databases.existing(home.path())) {
      RunRow run = RunChoice.one(database, name);
      ArtifactStore artifacts = ArtifactStores.of(home.path());
      List<List<String>> rows = new ArrayList<>();
      for (StageRow stage : chosen(run, database.experiments().stagesOf(run.id()))) {
        bring(artifacts, stage);
        rows.add(List.of(stage.kind(), artifacts.folder(stage.kind(), stage.key()).toString()));
      }
      System.out.print(format.rows(List.of("kind", "folder"), rows));
      return ExitCode.DONE;
    }
  }

  private List<StageRow> chosen(RunRow run, List<StageRow> stages) {
    List<StageRow> chosen =
        stages.stream().filter(stage -> kind == null || stage.kind().equals(kind)).toList();
    if (chosen.isEmpty()) {
      String asked = kind == null ? "" : kind;
      String nearest =
          Nearest.to(asked, stages.stream().map(StageRow::kind).toList())
              .map(near -> ", nearest: " + near)
              .orElse("");
      throw new NotFoundException("run %s has no stage %s%s".formatted(run.name(), asked, nearest));
    }
    List<StageRow> done =
        chosen.stream().filter(stage -> stage.status() == StageStatus.DONE).toList();
    if (done.isEmpty()) {
      throw new NotFoundException("nothing of run %s is done yet".formatted(run.name()));
    }
    return done;
  }

  private static void bring(ArtifactStore artifacts, StageRow stage) {
    Optional<String> problem;
    try (TransferProgress progress = new TransferProgress(stage.kind(), stage.bytes().orElse(0L))) {
      problem =
          artifacts.fetch(stage.kind(), stage.key(), stage.digest().orElse(""), true, progress);
    }
    if (problem.isPresent()) {
      throw new PawlException(
          FailureCause.DATA,
          "%s; 'pawl artifacts push' sends it from the home that has it, 'pawl retry' makes it again"
              .formatted(problem.get()));
    }
  }
}
