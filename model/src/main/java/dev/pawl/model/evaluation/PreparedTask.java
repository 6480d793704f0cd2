package dev.pawl.model.evaluation;

import dev.pawl.model.config.TaskDefinition;
import java.util.List;

/** A task with its documents in tokens. */
public record PreparedTask(String name, TaskDefinition definition, List<TaskDocument> documents) {
  public PreparedTask {
    documents = List.copyOf(documents);
  }

  /** Version of the definition. */
  public String version() {
    return definition.version();
  }
}
