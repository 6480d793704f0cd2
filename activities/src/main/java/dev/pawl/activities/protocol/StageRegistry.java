package dev.pawl.activities.protocol;

import dev.pawl.experiments.plan.StageKind;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The stages that a worker serves. Immutable. */
public final class StageRegistry {
  private final Map<StageKind, Stage<?>> stages = new EnumMap<>(StageKind.class);

  public StageRegistry(List<? extends Stage<?>> stages) {
    for (Stage<?> stage : stages) {
      if (this.stages.put(stage.kind(), stage) != null) {
        throw new IllegalArgumentException("two stages of kind " + stage.kind().id());
      }
    }
  }

  Stage<?> of(StageKind kind) {
    Stage<?> stage = stages.get(kind);
    if (stage == null) {
      throw new PawlException(
          FailureCause.BUG,
          "this worker serves no stage of kind %s; it serves %s"
              .formatted(kind.id(), stages.keySet().stream().map(StageKind::id).toList()));
    }
    return stage;
  }
}
