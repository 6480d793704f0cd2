package dev.pawl.activities.verify;

import java.time.Instant;
import java.util.List;

/**
 * What was found about a run.
 *
 * @param runId the run
 * @param run its name
 * @param experiment its experiment's name
 * @param seed of initial weights and of the order of samples
 * @param checkedAt when
 * @param codeVersion the program that checked
 * @param stages the run's stages in order
 * @param findings every question asked, in the order of the stages
 */
public record Certificate(
    String runId,
    String run,
    String experiment,
    long seed,
    Instant checkedAt,
    String codeVersion,
    List<StageFacts> stages,
    List<Finding> findings) {
  public Certificate {
    stages = List.copyOf(stages);
    findings = List.copyOf(findings);
  }

  /** The worst of all answers. */
  public Verdict verdict() {
    return findings.stream().map(Finding::verdict).max(Verdict::compareTo).orElse(Verdict.OK);
  }

  /** Whether the run is what was computed, to the last bit, and can be computed again. */
  public boolean holds() {
    return verdict() == Verdict.OK;
  }
}
