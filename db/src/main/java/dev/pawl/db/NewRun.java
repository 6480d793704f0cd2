package dev.pawl.db;

import java.util.List;

/**
 * A run to register, its stages in order.
 *
 * @param pointJson the values of the swept keys; {@code {}} where nothing is swept
 */
public record NewRun(
    String id,
    String name,
    String model,
    long parameters,
    String configJson,
    List<NewStage> stages,
    String pointJson) {

  /** A run of an experiment that sweeps nothing. */
  public NewRun(
      String id,
      String name,
      String model,
      long parameters,
      String configJson,
      List<NewStage> stages) {
    this(id, name, model, parameters, configJson, stages, "{}");
  }
}
