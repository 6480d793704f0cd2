package dev.pawl.model.evaluation;

import dev.pawl.model.config.TaskDefinition;
import dev.pawl.model.config.TaskKind;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Makes the requests of a task out of its files. */
public final class Preparation {
  private final String name;
  private final TaskDefinition task;
  private final Tokenizer tokenizer;
  private final int maxLength;
  private final Map<String, Template> templates = new HashMap<>();

  private Preparation(String name, TaskDefinition task, Tokenizer tokenizer, int maxLength) {
    this.name = name;
    this.task = task;
    this.tokenizer = tokenizer;
    this.maxLength = maxLength;
    compile("context", task.context());
    compile("target", task.target());
    compile("choice", task.choice());
    compile("gold", task.gold());
    compile("counted", task.counted());
    all("choices", task.choices());
    all("contexts", task.contexts());
  }

  /**
   * Reads and encodes the documents.
   *
   * @param files the file of documents and, where the task has one, that of labels
   * @param limit first documents only; 0 is all
   * @param maxLength tokens that the model reads at a time
   * @throws PawlException DATA that names file and line of what does not fit the task
   */
  public static PreparedTask prepare(
      String name,
      TaskDefinition task,
      List<Path> files,
      int limit,
      Tokenizer tokenizer,
      int maxLength)
      throws IOException {
    Preparation preparation = new Preparation(name, task, tokenizer, maxLength);
    int read = task.kind() == TaskKind.WINDOWS ? 0 : limit;
    List<Fields> records = TaskFiles.read(files.get(0), task.format(), read);
    if (files.size() > 1) {
      TaskFiles.label(records, files.get(0), files.get(1), read);
    }
    List<TaskDocument> documents = new ArrayList<>();
    for (Fields record : records) {
      if (task.kind() == TaskKind.WINDOWS) {
        preparation.windows(record, limit, documents);
      } else {
        documents.add(preparation.document(record));
      }
    }
    return new PreparedTask(name, task, documents);
  }

  private void compile(String key, String text) {
    if (!text.isEmpty()) {
      templates.put(key, Template.of(name, key, text));
    }
  }

  private void all(String key, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      compile(key + "[" + i + "]", texts.get(i));
    }
  }

  private String render(String key, Fields fields) {
    Template template = templates.get(key);
    return template == null ? "" : template.render(fields.values(), fields.place());
  }

  private List<String> rendered(String key, int count, Fields fields) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(render(key + "[" + i + "]", fields));
    }
    return texts;
  }

  private TaskDocument document(Fields fields) {
    return switch (task.kind()) {
      case LOGLIKELIHOOD ->
          single(
              fields,
              Encoding.pair(
                  render("context", fields),
                  needed(fields, "target", render("target", fields)),
                  tokenizer));
      case LAST_TOKEN -> {
        String text = needed(fields, "target", render("target", fields));
        yield single(fields, Encoding.lastToken(text, tokenizer));
      }
      case LAST_WORD -> {
        String text = needed(fields, "target", render("target", fields));
        yield single(fields, Encoding.lastWord(text, tokenizer));
      }
      case ROLLING -> rolling(fields);
      case MULTIPLE_CHOICE, TRUE_CHOICES -> choosing(fields);
      case WINDOWS -> throw new IllegalStateException("a file is cut into windows as a whole");
    };
  }

  private TaskDocument single(Fields fields, Request request) {
    if (request.context().length == 0 || request.continuation().length == 0) {
      throw new PawlException(
          FailureCause.DATA,
          "%s: task %s: the document is empty: nothing is left to predict, or to predict it from"
              .formatted(fields.place(), name));
    }
    return new TaskDocument(fields.number(), List.of(request), List.of(), List.of(), 0, 0);
  }

  private TaskDocument rolling(Fields fields) {
    String text = needed(fields, "target", render("target", fields));
    String counted = !task.counted().isEmpty() ? render("counted", fields) : text;
    return new TaskDocument(
        fields.number(),
        Encoding.rolling(tokenizer.encode(text), tokenizer.endOfText(), maxLength),
        List.of(),
        List.of(),
        PythonText.pieces(counted).size(),
        counted.getBytes(StandardCharsets.UTF_8).length);
  }

  private void windows(Fields fields, int limit, List<TaskDocument> documents) {
    String text = needed(fields, "target", render("target", fields));
    String counted = !task.counted().isEmpty() ? render("counted", fields) : text;
    int words = PythonText.strip(counted).split(" ", -1).length;
    int[] ids = tokenizer.encode(text);
    if (ids.length < 2 || words < 2) {
      throw new PawlException(
          FailureCause.DATA,
          "%s: task %s: two tokens and two words are needed".formatted(fields.place(), name));
    }
    for (Request window : Encoding.windows(ids, maxLength, Math.min(task.overlap(), maxLength))) {
      if (limit == 0 || documents.size() < limit) {
        documents.add(
            new TaskDocument(documents.size(), List.of(window), List.of(), List.of(), words, 0));
      }
    }
  }

  private TaskDocument choosing(Fields fields) {
    List<Request> requests = new ArrayList<>();
    List<Integer> characters = new ArrayList<>();
    if (!task.contexts().isEmpty()) {
      String target = needed(fields, "target", render("target", fields));
      for (String context : rendered("contexts", task.contexts().size(), fields)) {
        requests.add(Encoding.pair(needed(fields, "contexts", context), " " + target, tokenizer));
        characters.add(context.codePointCount(0, context.length()));
      }
    } else {
      String context = render("context", fields);
      for (String choice : choices(fields)) {
        requests.add(Encoding.pair(context, " " + needed(fields, "choices", choice), tokenizer));
        characters.add(choice.codePointCount(0, choice.length()));
      }
    }
    if (requests.size() < 2) {
      throw new PawlException(
          FailureCause.DATA,
          "%s: task %s: %d choice; two are needed"
              .formatted(fields.place(), name, requests.size()));
    }
    return new TaskDocument(
        fields.number(), requests, gold(fields, requests.size()), characters, 0, 0);
  }

  private List<String> choices(Fields fields) {
    String path = task.choicesOf();
    if (path.isEmpty()) {
      return rendered("choices", task.choices().size(), fields);
    }
    List<String> texts = new ArrayList<>();
    for (Object each : fields.list(name, "choices_of", path)) {
      if (task.choice().isEmpty()) {
        texts.add(String.valueOf(each));
        continue;
      }
      Map<String, Object> values = new HashMap<>(fields.values());
      values.put("choice", each);
      texts.add(render("choice", new Fields(fields.number(), fields.place(), values)));
    }
    return texts;
  }

  private List<Boolean> gold(Fields fields, int choices) {
    if (task.kind() == TaskKind.TRUE_CHOICES) {
      List<?> marks = fields.list(name, "gold_labels_of", task.goldLabelsOf());
      List<Boolean> gold = marks.stream().map(mark -> "1".equals(String.valueOf(mark))).toList();
      if (gold.size() != choices || !gold.contains(true) || !gold.contains(false)) {
        throw labels(fields, marks.toString(), choices);
      }
      return gold;
    }
    String label = render("gold", fields).strip();
    List<String> labels =
        !task.goldLabelsOf().isEmpty()
            ? fields.list(name, "gold_labels_of", task.goldLabelsOf()).stream()
                .map(String::valueOf)
                .toList()
            : task.goldLabels();
    int index = labels.isEmpty() ? number(label).orElse(-1) : labels.indexOf(label);
    if (index < 0 || index >= choices) {
      throw labels(fields, label, choices);
    }
    List<Boolean> gold = new ArrayList<>();
    for (int i = 0; i < choices; i++) {
      gold.add(i == index);
    }
    return gold;
  }

  private static OptionalInt number(String text) {
    return text.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }

  private PawlException labels(Fields fields, String label, int choices) {
    return new PawlException(
        FailureCause.DATA,
        "%s: task %s: the label '%s' is outside the %d choices; mend the data, or gold and gold_labels of the task"
            .formatted(fields.place(), name, label, choices));
  }

  private String needed(Fields fields, String key, String text) {
    if (PythonText.strip(text).isEmpty()) {
      throw new PawlException(
          FailureCause.DATA,
          "%s: task %s: the document is empty: nothing stands in %s"
              .formatted(fields.place(), name, key));
    }
    return text;
  }
}
