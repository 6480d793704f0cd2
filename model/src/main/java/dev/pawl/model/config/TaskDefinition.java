package dev.pawl.model.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * A zero-shot task: where its documents are and what is asked of each.
 *
 * <p>Templates are Pebble's ({@code {{ field }}}, {@code {{ field | filter }}}); the fields of a
 * document are their variables.
 */
public record TaskDefinition(
    @Setting(doc = "Name of the task.") String task,
    @Setting(doc = "Rises when the same data would give other values.", defaultValue = "1.0")
        String version,
    @Setting(doc = "What is asked of the model.") TaskKind kind,
    @Setting(doc = "How documents lie in their file.", defaultValue = "jsonl") TaskFormat format,
    @Setting(doc = "Names of the file of documents; the first one that is there is read.")
        List<String> files,
    @Setting(doc = "Names of a file with a label a line, which becomes the field 'label'.")
        List<String> labels,
    @Setting(doc = "Where the files are published.", defaultValue = "nowhere known")
        String published,
    @Setting(doc = "Template of what stands before; nothing where left out.", defaultValue = "")
        String context,
    @Setting(doc = "Templates of several contexts before one target.") List<String> contexts,
    @Setting(
            doc = "Template of what is scored; of a rolling task, the document's text.",
            defaultValue = "")
        String target,
    @Setting(doc = "Templates of the choices, without the space before them.") List<String> choices,
    @Setting(doc = "Field that holds a list of choices, such as choices.text.", defaultValue = "")
        String choicesOf,
    @Setting(
            doc = "Template of one choice of that list, its variable is 'choice'.",
            defaultValue = "")
        String choice,
    @Setting(
            doc = "Template of the right choice: its index from 0, or its label.",
            defaultValue = "")
        String gold,
    @Setting(doc = "Labels of the choices in order.") List<String> goldLabels,
    @Setting(
            doc = "Field that holds the list of labels; 1 marks each true one of true_choices.",
            defaultValue = "")
        String goldLabelsOf,
    @Setting(
            doc = "Text whose words and bytes a rolling task counts; the target if left out.",
            defaultValue = "")
        String counted,
    @Setting(doc = "Tokens from window to window.", defaultValue = "32", min = 1) int overlap,
    @Setting(doc = "What is computed.") List<TaskMetric> metrics) {

  public TaskDefinition {
    if (metrics.isEmpty()) {
      throw new IllegalArgumentException("metrics: at least one is needed");
    }
    if (new HashSet<>(metrics).size() < metrics.size()) {
      throw new IllegalArgumentException("metrics: one is given twice");
    }
    for (TaskMetric metric : metrics) {
      if (!metric.fits(kind)) {
        throw new IllegalArgumentException(
            "metrics: %s is no metric of %s tasks".formatted(lower(metric), lower(kind)));
      }
    }
    boolean choosing = kind == TaskKind.MULTIPLE_CHOICE || kind == TaskKind.TRUE_CHOICES;
    int lists = (choices.isEmpty() ? 0 : 1) + (!choicesOf.isEmpty() ? 1 : 0);
    lists += contexts.isEmpty() ? 0 : 1;
    if (lists != (choosing ? 1 : 0)) {
      throw new IllegalArgumentException(
          choosing
              ? "exactly one of choices, choices_of and contexts is needed"
              : "choices, choices_of and contexts are for choosing, not for " + lower(kind));
    }
    require(!choosing || !contexts.isEmpty(), target, "target", kind);
    require(kind == TaskKind.MULTIPLE_CHOICE, gold, "gold", kind);
    require(kind == TaskKind.TRUE_CHOICES, goldLabelsOf, "gold_labels_of", kind);
  }

  private static void require(boolean needed, String value, String name, TaskKind kind) {
    if (needed && value.isEmpty()) {
      throw new IllegalArgumentException(
          "%s is missing: a %s task needs it".formatted(name, lower(kind)));
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The same with its documents in another file. */
  public TaskDefinition withFile(String file) {
    return new TaskDefinition(
        task,
        version,
        kind,
        format,
        List.of(file),
        labels,
        published,
        context,
        contexts,
        target,
        choices,
        choicesOf,
        choice,
        gold,
        goldLabels,
        goldLabelsOf,
        counted,
        overlap,
        metrics);
  }
}
