package dev.pawl.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  @TempDir Path folder;

  private final Tokenizer tokenizer = Tokenizers.bytes();

  @Test
  void clozeGivesAccuracyAndPerplexityWithStandardErrors() {
    List<TaskDocument> documents =
        List.of(
            new TaskDocument("1", "a b", List.of(" c"), 0),
            new TaskDocument("2", "d e", List.of(" f"), 0));
    TaskResult result =
        Evaluation.run(
            "t",
            TaskKind.CLOZE,
            documents,
            tokenizer,
            requests -> List.of(new Score(-1, true), new Score(-3, false)));
    assertEquals(new MetricValue("acc", 0.5, 0.5), result.metrics().get(0));
    assertEquals(Math.exp(2), result.metrics().get(1).value(), 1e-12);
    assertEquals(Math.exp(2), result.metrics().get(1).stderr(), 1e-12);
  }

  @Test
  void choiceIsByLikelihoodAndByLikelihoodPerCharacter() {
    TaskDocument document = new TaskDocument("1", "q", List.of(" a", " bbbb"), 1);
    TaskResult result =
        Evaluation.run(
            "t",
            TaskKind.CHOICE,
            List.of(document),
            tokenizer,
            requests -> List.of(new Score(-2, false), new Score(-4, false)));
    assertEquals(0, result.metrics().get(0).value());
    assertEquals("acc_norm", result.metrics().get(1).metric());
    assertEquals(1, result.metrics().get(1).value());
  }

  @Test
  void trailingSpacesOfTheContextMoveToTheContinuation() {
    Request request = Evaluation.request("ab ", "cd", tokenizer);
    assertArrayEquals(tokenizer.encode("ab"), request.context());
    assertArrayEquals(tokenizer.encode(" cd"), request.continuation());
    assertArrayEquals(new int[] {0}, Evaluation.request("", "cd", tokenizer).context());
  }

  @Test
  void recordThatDoesNotFitIsRefusedByLine() throws IOException {
    Path file =
        Files.writeString(folder.resolve("t.jsonl"), "{\"text\": \"a b\"}\n{\"text\": 1}\n");
    String message =
        assertThrows(PawlException.class, () -> TaskFiles.read(file, TaskKind.CLOZE, 0))
            .getMessage();
    assertTrue(message.contains("t.jsonl:2"), message);
    assertEquals(1, assertReads(file));
  }

  private static int assertReads(Path file) throws IOException {
    return TaskFiles.read(file, TaskKind.CLOZE, 1).size();
  }
}
