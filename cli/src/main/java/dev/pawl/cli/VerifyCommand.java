package dev.pawl.cli;

import dev.pawl.activities.stage.ReplayRequest;
import dev.pawl.activities.verify.Certificate;
import dev.pawl.activities.verify.Verification;
import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the certificate of a run. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Is a run still what was computed? Configuration, artifacts, checkpoints, rows.")
final class VerifyCommand implements Callable<Integer> {
  private static final int NEW_SEEDS = 1_000_000;

  /** How the certificate is printed; the names are those of the option. */
  enum Shape {
    text,
    json
  }

  @Parameters(paramLabel = "RUN", description = "Id or its beginning, name, or experiment/name.")
  private String name;

  @Option(
      names = "--replay",
      paramLabel = "N",
      description = "Train N optimizer steps again and compare every bit (${DEFAULT-VALUE}: none).",
      defaultValue = "0")
  private long replay;

  @Option(
      names = "--replay-from",
      paramLabel = "STEP|random|start",
      description =
          "The state to train on from: that of a kept checkpoint, a random one, or the initial"
              + " weights (${DEFAULT-VALUE}).",
      defaultValue = ReplayRequest.RANDOM)
  private String replayFrom;

  @Option(
      names = "--replay-seed",
      paramLabel = "SEED",
      description = "Seed of the random choice (a new one each time; it is printed).")
  private @Nullable Long replaySeed;

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      description = "text or json (${DEFAULT-VALUE}).",
      defaultValue = "text")
  private Shape shape;

  @Mixin private HomeOption home;

  @Override
  public Integer call() throws IOException {
    try (Database database = Databases.existing(home.path())) {
      RunRow run = RunChoice.one(database, name);
      long seed = replaySeed == null ? new SecureRandom().nextInt(NEW_SEEDS) : replaySeed;
      Certificate certificate =
          new Verification(database, home.path())
              .certify(run, Machines.codeVersion(), new ReplayRequest(replay, replayFrom, seed));
      System.out.print(
          shape == Shape.json
              ? CertificateText.json(certificate)
              : CertificateText.plain(certificate));
      return certificate.holds() ? ExitCode.DONE : ExitCode.FAILED;
    }
  }
}
