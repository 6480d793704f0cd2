package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.StageContext;
import dev.pawl.db.MetricPoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which of a training's checkpoints are evaluated. */
final class EvaluatedCheckpoints {
  private EvaluatedCheckpoints() {}

  /**
   * Folders by step, the earliest first.
   *
   * @param wanted last, best, all, or steps
   * @throws PawlException CONFIG when one of them is not in the artifact
   */
  static SortedMap<Long, Path> choose(Path artifact, List<String> wanted, StageContext context) {
    SortedMap<Long, Path> kept = kept(artifact);
    SortedMap<Long, Path> chosen = new TreeMap<>();
    for (String each : wanted) {
      switch (each) {
        case "all" -> chosen.putAll(kept);
        case "last" -> chosen.put(kept.lastKey(), kept.get(kept.lastKey()));
        case "best" -> {
          long step = best(kept, context);
          chosen.put(step, kept.get(step));
        }
        default -> {
          Path folder = kept.get(Long.valueOf(each));
          if (folder == null) {
            throw new PawlException(
                FailureCause.CONFIG,
                "evaluation.checkpoints: the training kept no checkpoint of step %s; it kept %s"
                    .formatted(each, kept.keySet()));
          }
          chosen.put(Long.valueOf(each), folder);
        }
      }
    }
    return chosen;
  }

  private static SortedMap<Long, Path> kept(Path artifact) {
    CheckpointStore store = new CheckpointStore(artifact);
    SortedMap<Long, Path> kept = new TreeMap<>();
    store.steps().forEach(step -> kept.put(step, store.folder(step)));
    if (kept.isEmpty()) {
      throw new PawlException(
          FailureCause.DATA, artifact + " holds no checkpoint; train the run again");
    }
    return kept;
  }

  // The first of the least validation losses at a step whose checkpoint was kept.
  private static long best(SortedMap<Long, Path> kept, StageContext context) {
    String pretrain = context.stage().inputs().get("pretrain");
    return context.database().metrics().curve(pretrain, StepMetrics.VALID_LOSS).stream()
        .filter(point -> kept.containsKey(point.step()))
        .min(Comparator.comparingDouble(MetricPoint::value))
        .map(MetricPoint::step)
        .orElseThrow(
            () ->
                new PawlException(
                    FailureCause.CONFIG,
                    "evaluation.checkpoints: best needs a validation loss at the step of a kept checkpoint, and there is none; name a step of %s, or last"
                        .formatted(kept.keySet())));
  }
}
