package dev.pawl.experiments.plan;

import dev.pawl.model.config.ModelConfig;
import java.util.List;

/**
 * A run of a plan, its stages in order.
 *
 * @param pointJson the values of the swept keys; {@code {}} where nothing is swept
 */
public record PlannedRun(
    String id,
    String name,
    ModelConfig model,
    String configJson,
    List<PlannedStage> stages,
    String pointJson) {}
