package dev.pawl.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalAnswersTest {
  private static final Answer FIRST =
      new Answer(3, List.of(-0.1, -1234.000000000123), List.of(true, false));

  @TempDir Path folder;

  @Test
  void answersComeBackToTheLastDigitAndATornLineIsDropped() throws IOException {
    Path file = folder.resolve("a/t.jsonl");
    JournalAnswers.open(file, "t", Map.of("d", "1")).add(List.of(FIRST));
    Files.writeString(file, "{\"answers\":[{\"docu", StandardOpenOption.APPEND);
    JournalAnswers again = JournalAnswers.open(file, "t", Map.of("d", "1"));
    assertEquals(List.of(FIRST), again.stored());
    Answer second = new Answer(4, List.of(-2.0), List.of(true));
    again.add(List.of(second));
    assertEquals(List.of(FIRST, second), JournalAnswers.open(file, "t", Map.of("d", "1")).stored());
  }

  @Test
  void journalWhoseFirstLineIsTornBeginsAnew() throws IOException {
    Path file = Files.writeString(folder.resolve("t.jsonl"), "{\"dat");
    assertEquals(List.of(), JournalAnswers.open(file, "t", Map.of("d", "1")).stored());
    assertEquals(1, Files.readAllLines(file).size());
  }

  @Test
  void dataThatChangedBetweenTwoHalvesIsRefusedByName() throws IOException {
    Path file = folder.resolve("t.jsonl");
    JournalAnswers.open(file, "t", Map.of("x.jsonl", "one")).add(List.of(FIRST));
    String message =
        assertThrows(
                PawlException.class, () -> JournalAnswers.open(file, "t", Map.of("x.jsonl", "two")))
            .getMessage();
    for (String part : List.of("x.jsonl", "one", "two", "1 answers", "--restart")) {
      assertTrue(message.contains(part), message);
    }
  }
}
