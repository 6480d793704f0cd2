package dev.pawl.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.config.TaskDefinition;
import dev.pawl.model.config.TaskFormat;
import dev.pawl.model.config.TaskKind;
import dev.pawl.model.config.TaskMetric;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and templates to requests, and what is refused. */
class PreparationTest {
  @TempDir Path folder;

  private final Tokenizer tokenizer = Tokenizers.bytes();

  private static TaskDefinition cloze(String context, String target) {
    return task(TaskKind.LOGLIKELIHOOD, context, target, List.of(), "", List.of());
  }

  private static TaskDefinition choice(String gold, List<String> goldLabels) {
    List<String> choices = List.of("{{ sol1 }}", "{{ sol2 }}");
    return task(TaskKind.MULTIPLE_CHOICE, "Q: {{ goal }}\nA:", "", choices, gold, goldLabels);
  }

  private static TaskDefinition task(
      TaskKind kind,
      String context,
      String target,
      List<String> choices,
      String gold,
      List<String> goldLabels) {
    return new TaskDefinition(
        "t",
        "1.0",
        kind,
        TaskFormat.JSONL,
        List.of("t.jsonl"),
        List.of(),
        "somewhere",
        context,
        List.of(),
        target,
        choices,
        "",
        "",
        gold,
        goldLabels,
        "",
        "",
        32,
        List.of(TaskMetric.ACC));
  }

  @Test
  void aTemplateReachesNothingButTheDocument() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "nobody's business");
    for (String template :
        List.of(
            "{{ text.getClass() }}",
            "{{ text.class }}",
            "{{ text.class.forName('java.lang.Runtime') }}",
            "{{ text.toUpperCase() }}",
            "{{ text.bytes }}",
            "{% include '" + secret + "' %}",
            "{% import '" + secret + "' %}",
            "{% extends '" + secret + "' %}",
            "{% include 'dev/pawl/model/torchscript/gpt_neox.py' %}")) {
      PawlException e =
          assertThrows(
              PawlException.class,
              () -> prepare(cloze(template, "{{ text }}"), "{\"text\": \"one\"}"),
              template);
      assertTrue(e.getMessage().contains("task t: "), template + ": " + e.getMessage());
    }
  }

  private PreparedTask prepare(TaskDefinition task, String... lines) throws IOException {
    Path file = Files.write(folder.resolve("t.jsonl"), List.of(lines));
    return Preparation.prepare("t", task, List.of(file), 0, tokenizer, 128);
  }

  private String refused(TaskDefinition task, String... lines) {
    return assertThrows(PawlException.class, () -> prepare(task, lines)).getMessage();
  }

  private static void says(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void lastWordFollowsTheOthers() throws IOException {
    TaskDefinition task = cloze("{{ text | before_last_word }}", " {{ text | last_word }}");
    Request request = prepare(task, "{\"text\": \"a b  c\"}").documents().get(0).requests().get(0);
    // The space at the end of the context moves to the continuation.
    assertArrayEquals(tokenizer.encode("a b"), request.context());
    assertArrayEquals(tokenizer.encode("  c"), request.continuation());
  }

  @Test
  void choicesFollowASpaceAndCountCodePoints() throws IOException {
    TaskDocument document =
        prepare(
                choice("{{ label }}", List.of()),
                "{\"goal\": \"g\", \"sol1\": \"\\uD83D\\uDE00x\", \"sol2\": \"yes\", \"label\": 1}")
            .documents()
            .get(0);
    assertArrayEquals(tokenizer.encode("Q: g\nA:"), document.requests().get(1).context());
    assertArrayEquals(tokenizer.encode(" yes"), document.requests().get(1).continuation());
    assertEquals(List.of(2, 3), document.characters());
    assertEquals(List.of(false, true), document.gold());
  }

  @Test
  void emptyContextIsTheEndOfAText() {
    assertArrayEquals(
        new int[] {tokenizer.endOfText()}, Encoding.pair("", "cd", tokenizer).context());
  }

  @Test
  void templateThatDoesNotFitTheDataIsRefusedByPlaceAndField() {
    String message = refused(choice("0", List.of()), "{\"goal\": \"g\", \"sol1\": \"s\"}");
    says(message, "t.jsonl:1", "choices[1]", "'sol2'", "goal");
    says(refused(cloze("", "{{ text "), "{\"text\": \"a\"}"), "task t", "target", "not a template");
  }

  @Test
  void emptyDocumentIsRefusedByPlace() {
    TaskDefinition task = cloze("{{ text | before_last_word }}", " {{ text | last_word }}");
    says(refused(task, "{\"text\": \"a b\"}", "{\"text\": \"\"}"), "t.jsonl:2", "empty");
    says(refused(task, ""), "t.jsonl", "no document");
  }

  @Test
  void labelOutsideTheChoicesIsRefusedByPlace() {
    String record = "{\"goal\": \"g\", \"sol1\": \"s\", \"sol2\": \"t\", \"label\": 2}";
    says(refused(choice("{{ label }}", List.of()), record), "t.jsonl:1", "'2'", "2 choices");
    says(refused(choice("{{ label }}", List.of("0", "1")), record), "t.jsonl:1", "'2'");
  }

  @Test
  void lineThatIsNoObjectIsRefusedByPlace() {
    says(refused(cloze("", "{{ text }}"), "{\"text\": \"a\"}", "[1]"), "t.jsonl:2");
  }

  @Test
  void labelsOfAnotherFileMustBeAsMany() throws IOException {
    Path file =
        Files.write(folder.resolve("a.jsonl"), List.of("{\"goal\":1,\"sol1\":2,\"sol2\":3}"));
    Path labels = Files.write(folder.resolve("a.lst"), List.of("1", "0"));
    String message =
        assertThrows(
                PawlException.class,
                () ->
                    Preparation.prepare(
                        "t",
                        choice("{{ label }}", List.of()),
                        List.of(file, labels),
                        0,
                        tokenizer,
                        128))
            .getMessage();
    says(message, "a.lst has 2 labels", "1 documents");
    PreparedTask first =
        Preparation.prepare(
            "t", choice("{{ label }}", List.of()), List.of(file, labels), 1, tokenizer, 128);
    assertEquals(List.of(false, true), first.documents().get(0).gold());
  }

  @Test
  void rollingWindowsPredictEachTokenOnceWithLeftContext() {
    int[] ids = IntStream.range(1, 11).toArray();
    List<Request> windows = Encoding.rolling(ids, 0, 4);
    assertEquals(3, windows.size());
    assertArrayEquals(new int[] {0}, windows.get(0).context());
    assertArrayEquals(new int[] {4}, windows.get(1).context());
    // The short last window reads as much as a full one.
    assertArrayEquals(new int[] {6, 7, 8}, windows.get(2).context());
    assertArrayEquals(ids, predicted(windows));
  }

  @Test
  void overlappingWindowsPredictEachTokenButTheFirstOnce() {
    for (int tokens = 2; tokens < 40; tokens++) {
      for (int length = 2; length <= 9; length++) {
        for (int overlap = 1; overlap <= length; overlap++) {
          int[] ids = IntStream.range(0, tokens).toArray();
          List<Request> windows = Encoding.windows(ids, length, overlap);
          assertArrayEquals(IntStream.range(1, tokens).toArray(), predicted(windows));
          for (Request window : windows) {
            assertTrue(window.length() <= length + 1);
          }
        }
      }
    }
  }

  private static int[] predicted(List<Request> windows) {
    List<Integer> found = new ArrayList<>();
    for (Request window : windows) {
      for (int id : window.continuation()) {
        found.add(id);
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  @Test
  void wikitextIsCutAtHeadingsAndDetokenized() {
    String file = " \n = A b = \n \n x , y @-@ z \n = = C = = \n t . \n = D = \n u \n";
    assertEquals(2, Wikitext.pages(file).size());
    assertTrue(Wikitext.pages(file).get(1).startsWith(" = D = "));
    assertEquals(
        "x, y-z (a) \"q\" 1 o's\n",
        Wikitext.detokenize("x , y @-@ z ( a ) \" q \" N o 's \n").strip() + "\n");
    assertEquals(List.of("", "a", "b", ""), PythonText.pieces(" a\n\n b "));
    assertEquals("Éa b", PythonText.capitalize("éA B"));
  }
}
