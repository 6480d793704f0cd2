package dev.pawl.db;

import java.util.List;
import java.util.Optional;

/**
 * An experiment to register; the id follows from its content.
 *
 * @param sweep how it goes about its runs, where it has a sweep
 */
public record NewExperiment(
    String id,
    String name,
    String digest,
    String configJson,
    String source,
    List<NewRun> runs,
    Optional<NewSweep> sweep) {

  /** An experiment without a sweep. */
  public NewExperiment(
      String id, String name, String digest, String configJson, String source, List<NewRun> runs) {
    this(id, name, digest, configJson, source, runs, Optional.empty());
  }
}
