package dev.pawl.activities.verify;

import java.time.Instant;
import java.util.List;

/**
 * What was found about a run.
 *
 * @param runId the run
 * @param run its name
 * @param experiment its experiment's name
 * @param checkedAt when
 * @param codeVersion the program that checked
 * @param findings every question asked, in the order of the stages
 */
public record Certificate(
    String runId,
    String run,
    String experiment,
    Instant checkedAt,
    String codeVersion,
    List<Finding> findings) {
  public Certificate {
    findings = List.copyOf(findings);
  }

  /** Whether nothing is wrong. */
  public boolean holds() {
    return findings.stream().allMatch(finding -> finding.problem().isEmpty());
  }
}
