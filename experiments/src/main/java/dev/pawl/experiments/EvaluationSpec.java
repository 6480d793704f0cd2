package dev.pawl.experiments;

import dev.pawl.model.config.Setting;
import java.util.List;
import java.util.Optional;

/** Zero-shot evaluation of checkpoints. */
public record EvaluationSpec(
    @Setting(doc = "The tasks.") List<TaskSpec> tasks,
    @Setting(
            doc = "Requests answered before they are stored together; no value depends on it.",
            defaultValue = "64",
            min = 1)
        int batchSize,
    @Setting(doc = "Which are evaluated: last, best (least validation loss), all, or their steps.")
        List<String> checkpoints,
    @Setting(
            doc =
                "Folder of the tasks' files; else the YAML's folder and that of the first dataset file.")
        Optional<String> data) {

  public EvaluationSpec {
    if (checkpoints.isEmpty()) {
      checkpoints = List.of("last");
    }
    for (String checkpoint : checkpoints) {
      boolean word = List.of("last", "best", "all").contains(checkpoint);
      if (!word && !checkpoint.matches("\\d{1,12}")) {
        throw new IllegalArgumentException(
            "checkpoints: '%s' is neither last, best, all nor a step".formatted(checkpoint));
      }
    }
  }
}
