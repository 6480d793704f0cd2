package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.activities.verify.Certificate;
import dev.pawl.activities.verify.Finding;
import dev.pawl.activities.verify.StageFacts;
import dev.pawl.activities.verify.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A certificate as text for people and as JSON for programs. */
final class CertificateText {
  /** What of an environment decides the last bits; all of it is in the JSON. */
  private static final List<String> DECISIVE =
      List.of("code_version", "libtorch", "device", "threads", "cpu_capability", "cpu", "java");

  private CertificateText() {}

  static String plain(Certificate certificate) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "run %s %s of experiment %s, seed %d, checked at %s by pawl %s",
        certificate.runId(),
        certificate.run(),
        certificate.experiment(),
        certificate.seed(),
        certificate.checkedAt(),
        certificate.codeVersion());
    for (Finding finding : certificate.findings()) {
      line(
          text,
          "%-9s %-16s %-14s %s",
          word(finding.verdict()),
          finding.stage(),
          finding.subject(),
          finding.text());
    }
    environments(text, certificate);
    line(
        text,
        "%s",
        switch (certificate.verdict()) {
          case OK -> "the run is what was computed, bit for bit";
          case INEXACT ->
              "the run is what was computed, but not exactly as planned: no bit for bit certificate";
          case WRONG -> "the run is not what was computed";
        });
    return text.toString();
  }

  private static void environments(StringBuilder text, Certificate certificate) {
    for (StageFacts stage : certificate.stages()) {
      stage
          .environments()
          .forEach(
              (attempt, environment) -> {
                StringBuilder words = new StringBuilder();
                for (String name : DECISIVE) {
                  if (environment.containsKey(name)) {
                    words.append(words.isEmpty() ? "" : ", ");
                    words.append(name).append(' ').append(environment.get(name));
                  }
                }
                line(
                    text,
                    "%-9s %-16s %-14s %s",
                    "",
                    stage.stage(),
                    "attempt " + attempt,
                    words.toString());
              });
    }
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case OK -> "ok";
      case INEXACT -> "NOT EXACT";
      case WRONG -> "WRONG";
    };
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append(System.lineSeparator());
  }

  static String json(Certificate certificate) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("run_id", certificate.runId()).put("run", certificate.run());
    root.put("experiment", certificate.experiment()).put("seed", certificate.seed());
    root.put("checked_at", certificate.checkedAt().toString());
    root.put("code_version", certificate.codeVersion());
    root.put("verdict", certificate.verdict().name().toLowerCase(Locale.ROOT));
    root.put("holds", certificate.holds());
    ArrayNode stages = root.putArray("stages");
    for (StageFacts stage : certificate.stages()) {
      ObjectNode node = stages.addObject();
      node.put("stage", stage.stage()).put("version", stage.version());
      node.put("key", stage.key()).put("artifact_digest", stage.digest());
      ArrayNode attempts = node.putArray("attempts");
      for (Map.Entry<Integer, Map<String, String>> each : stage.environments().entrySet()) {
        ObjectNode attempt = attempts.addObject().put("attempt", each.getKey());
        each.getValue().forEach(attempt.putObject("environment")::put);
      }
    }
    ArrayNode findings = root.putArray("findings");
    for (Finding finding : certificate.findings()) {
      ObjectNode node = findings.addObject();
      node.put("stage", finding.stage()).put("subject", finding.subject());
      node.put("verdict", finding.verdict().name().toLowerCase(Locale.ROOT));
      node.put("compared", finding.compared()).put("text", finding.text());
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always writable", e);
    }
  }
}
