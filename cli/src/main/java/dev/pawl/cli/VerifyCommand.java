package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.activities.verify.Certificate;
import dev.pawl.activities.verify.Finding;
import dev.pawl.activities.verify.Verification;
import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import java.io.IOException;
import java.util.concurrent.Callable;
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
      description = "Train the first N steps again and compare every bit (${DEFAULT-VALUE}: none).",
      defaultValue = "0")
  private long replay;

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
      Certificate certificate =
          new Verification(database, home.path()).certify(run, Machines.codeVersion(), replay);
      System.out.print(shape == Shape.json ? json(certificate) : text(certificate));
      return certificate.holds() ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private static String text(Certificate certificate) {
    StringBuilder text = new StringBuilder();
    text.append(
        "run %s %s of experiment %s, checked at %s by pawl %s%n"
            .formatted(
                certificate.runId(),
                certificate.run(),
                certificate.experiment(),
                certificate.checkedAt(),
                certificate.codeVersion()));
    for (Finding finding : certificate.findings()) {
      text.append(
          "%-6s %-19s %-14s %s%n"
              .formatted(
                  finding.problem().isEmpty() ? "ok" : "WRONG",
                  finding.stage(),
                  finding.subject(),
                  finding.problem().orElse(finding.shown())));
    }
    text.append(
        certificate.holds()
            ? "the run is what was computed%n".formatted()
            : "the run is not what was computed%n".formatted());
    return text.toString();
  }

  private static String json(Certificate certificate) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("run_id", certificate.runId()).put("run", certificate.run());
    root.put("experiment", certificate.experiment());
    root.put("checked_at", certificate.checkedAt().toString());
    root.put("code_version", certificate.codeVersion()).put("holds", certificate.holds());
    ArrayNode findings = root.putArray("findings");
    for (Finding finding : certificate.findings()) {
      ObjectNode node = findings.addObject();
      node.put("stage", finding.stage()).put("subject", finding.subject());
      node.put("ok", finding.problem().isEmpty());
      node.put(
          finding.problem().isEmpty() ? "shown" : "problem",
          finding.problem().orElse(finding.shown()));
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always writable", e);
    }
  }
}
