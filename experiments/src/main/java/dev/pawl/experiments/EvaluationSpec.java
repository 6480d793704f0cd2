package dev.pawl.experiments;

import dev.pawl.model.config.Setting;
import java.util.List;
import java.util.Optional;

/** Zero-shot evaluation of the final checkpoint. */
public record EvaluationSpec(
    @Setting(doc = "The tasks.") List<TaskSpec> tasks,
    @Setting(doc = "Sequences scored at a time.", defaultValue = "16", min = 1) int batchSize,
    @Setting(
            doc =
                "Folder of the tasks' files; else the YAML's folder and that of the first dataset file.")
        Optional<String> data) {}
