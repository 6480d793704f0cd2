package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.experiments.task.Tasks;
import dev.pawl.model.config.TaskDefinition;
import dev.pawl.model.evaluation.Preparation;
import dev.pawl.model.evaluation.Request;
import dev.pawl.model.evaluation.TaskDocument;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the named tasks ask, on documents in the form of the published data. */
class NamedTasksTest {
  private static final int LENGTH = 4096;

  @TempDir Path folder;

  private final Tokenizer tokenizer = Tokenizers.bytes();

  private TaskDocument prepare(String name, String record) throws IOException {
    Path file = Files.writeString(folder.resolve(name), record + "\n");
    TaskDefinition task = Tasks.load(name);
    return Preparation.prepare(name, task, List.of(file), 0, tokenizer, LENGTH).documents().get(0);
  }

  private void asks(TaskDocument document, int index, String context, String continuation) {
    Request request = document.requests().get(index);
    assertEquals(context, tokenizer.decode(request.context()));
    assertEquals(continuation, tokenizer.decode(request.continuation()));
  }

  @Test
  void hellaswagIsCleanedAndRecased() throws IOException {
    TaskDocument document =
        prepare(
            "hellaswag",
            """
            {"activity_label": "Roof shingle removal", "ctx_a": "A man [title] sits.", "ctx_b": "he Is", \
            "endings": [" is [step] it", "goes  up", "c", "d"], "label": 3}""");
    asks(document, 0, "Roof shingle removal: A man. sits. He is", " is it");
    asks(document, 1, "Roof shingle removal: A man. sits. He is", " goes up");
    assertEquals(List.of(false, false, false, true), document.gold());
    assertEquals(List.of(5, 7, 1, 1), document.characters());
  }

  @Test
  void arcFindsTheRightLabelAmongTheLabels() throws IOException {
    String record =
        """
        {"question": "Why?", "choices": {"text": ["x", "yy", "z"], "label": ["1", "2", "3"]}, \
        "answerKey": "2"}""";
    for (String name : List.of("arc_easy", "arc_challenge")) {
      TaskDocument document = prepare(name, record);
      asks(document, 1, "Question: Why?\nAnswer:", " yy");
      assertEquals(List.of(false, true, false), document.gold());
    }
  }

  @Test
  void sciqPutsTheSupportBeforeTheQuestion() throws IOException {
    TaskDocument document =
        prepare(
            "sciq",
            """
            {"support": "  It is.", "question": "What?", "distractor1": "a", "distractor2": "b", \
            "distractor3": "c", "correct_answer": "d"}""");
    asks(document, 3, "It is.\nQuestion: What?\nAnswer:", " d");
    assertEquals(List.of(false, false, false, true), document.gold());
  }

  @Test
  void winograndeScoresTheRestAfterEachFilling() throws IOException {
    TaskDocument document =
        prepare(
            "winogrande",
            """
            {"sentence": "So _ was glad.", "option1": "Ann", "option2": "Bea", "answer": "2"}""");
    asks(document, 0, "So Ann", " was glad.");
    asks(document, 1, "So Bea", " was glad.");
    assertEquals(List.of(false, true), document.gold());
  }

  @Test
  void raceAsksTheLastQuestionAfterTheAnsweredOnes() throws IOException {
    TaskDocument document =
        prepare(
            "race",
            """
            {"article": "Text.", "problems": "[{'question': 'One?', 'answer': 'B', 'options': ['p', \
            \\"q's\\", 'r', 's']}, {'question': 'It is  _  .', 'answer': 'A', 'options': ['t', 'u', \
            'v', 'w']}, {'question': 'Last?', 'answer': 'C', 'options': ['1', '2', '3', '4']}]"}""");
    asks(document, 2, "Article: Text.\n\nQuestion: One?\nAnswer: q's\n _  .t\nLast?", " 3");
    assertEquals(List.of(false, false, true, false), document.gold());
  }

  @Test
  void truthfulQuestionsFollowSixAnsweredOnes() throws IOException {
    String record =
        """
        {"question": "Is it?", "mc1_targets": {"choices": ["Yes.", "No."], "labels": [1, 0]}, \
        "mc2_targets": {"choices": ["Yes.", "It is.", "No."], "labels": [1, 1, 0]}}""";
    TaskDocument one = prepare("truthfulqa_mc1", record);
    String context = tokenizer.decode(one.requests().get(0).context());
    assertTrue(context.startsWith("Q: What is human life expectancy"), context);
    assertTrue(context.endsWith("held in Barcelona, Spain.\n\nQ: Is it?\nA:"), context);
    assertEquals(14, context.lines().filter(line -> !line.isEmpty()).count());
    assertEquals(List.of(true, false), one.gold());
    assertEquals(List.of(true, true, false), prepare("truthfulqa_mc2", record).gold());
  }

  @Test
  void arithmeticTakesContextAndCompletionAsTheyAre() throws IOException {
    String record =
        "{\"context\": \"Question: What is 1 plus 2?\\nAnswer:\", \"completion\": \" 3\"}";
    asks(prepare("arithmetic_1dc", record), 0, "Question: What is 1 plus 2?\nAnswer:", " 3");
  }

  @Test
  void megatronsLambadaIsTheLastTokenOrTheLastWord() throws IOException {
    String record = "{\"text\": \"a word, words\"}";
    asks(prepare("megatron_lambada", record), 0, "a word, word", "s");
    asks(prepare("megatron_lambada_strict", record), 0, "a word,", " words");
    asks(prepare("lambada_standard", record), 0, "a word,", " words");
  }

  @Test
  void megatronsWikitextCountsPiecesAtSingleSpaces() throws IOException {
    TaskDocument document = prepare("megatron_wikitext103", " a , b \n c");
    asks(document, 0, " ", "a, b\nc\n");
    assertEquals(5, document.words());
  }
}
