package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults are read, listed, remembered and caused. */
class FaultTest {
  private static final Pattern REACHED = Pattern.compile("reach\\(\\s*\"([a-z_.]+)\"");
  private static final Pattern OF_A_KIND = Pattern.compile("reach\\([a-z.()]+ \\+ \"([a-z_.]+)\"");

  @TempDir Path home;

  @AfterEach
  void disarm() {
    FaultPoints.disarm();
  }

  @Test
  void faultsAreReadAsTheyAreWritten() {
    String list = "kill@pretrain.step=37,fail@evaluate.document,stall:20@report.after_claim";
    assertEquals(list, String.join(",", Fault.parse(list).stream().map(Fault::toString).toList()));
    assertEquals(0.5, Fault.parse("stall:0.5@pretrain.before_save=2").get(0).seconds());
    assertEquals(List.of(), Fault.parse(""));
  }

  @ParameterizedTest
  @CsvSource({
    "kill@pretrain.stepp=3, nearest: pretrain.step",
    "kil@pretrain.step=3, nearest: kill",
    "kill@tokenize.before_clam, nearest: tokenize.before_claim",
    "stall@pretrain.step=3, needs seconds",
    "stall:x@pretrain.step=3, is not of the form",
    "stall:1.2.3@pretrain.step=3, has no number",
    "kill:3@pretrain.step, takes no seconds",
    "kill@report.after_done=3, gives a number to a point that has none",
    "kill@pretrain.step=99999999999999999999, has no number",
    "pretrain.step=3, is not of the form"
  })
  void mistakesAreNamed(String text, String words) {
    PawlException wrong = assertThrows(PawlException.class, () -> Fault.parse(text));
    assertEquals(FailureCause.CONFIG, wrong.failureCause());
    assertTrue(wrong.getMessage().contains(words), wrong.getMessage());
    assertTrue(wrong.getMessage().contains("--chaos list"), wrong.getMessage());
  }

  @Test
  void faultsHappenOnceEachAlsoInTheNextProcess() throws IOException {
    FaultMemory memory = FaultMemory.of(home, "experiment");
    List<Fault> faults =
        Fault.parse("fail@pretrain.step=3,fail@pretrain.step=3,fail@evaluate.document=10");
    FaultPoints.arm(faults, memory);
    FaultPoints.reach("pretrain.step", 2);
    assertFails("fail@pretrain.step=3", () -> FaultPoints.reach("pretrain.step", 3));
    // What is armed after a restart is what has not happened.
    FaultPoints.arm(faults, memory);
    assertFails("fail@pretrain.step=3", () -> FaultPoints.reach("pretrain.step", 3));
    assertDoesNotThrow(() -> FaultPoints.reach("pretrain.step", 3));
    FaultPoints.arm(faults, memory);
    assertDoesNotThrow(() -> FaultPoints.reach("pretrain.step", 3));
    FaultPoints.reach("evaluate.document", 1, 9);
    FaultPoints.reach("evaluate.document", 10, 9);
    FaultPoints.reach("evaluate.document", 11, 12);
    assertEquals(List.of("fail@evaluate.document=10"), texts(FaultPoints.disarm()));
    assertEquals(2, memory.read().size());
    memory.forget();
    FaultPoints.arm(faults, memory);
    assertFails("document=10", () -> FaultPoints.reach("evaluate.document", 7, 12));
  }

  @Test
  void aStallKeepsTheThread() throws IOException {
    FaultPoints.arm(Fault.parse("stall:0.2@report.after_claim"), FaultMemory.of(home, "e"));
    long start = System.nanoTime();
    FaultPoints.reach("report.after_claim");
    assertTrue(System.nanoTime() - start >= 200_000_000L);
  }

  @Test
  void unlistedPointsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> FaultPoints.reach("report.nowhere"));
    assertThrows(IllegalArgumentException.class, () -> FaultPoints.reach("pretrain.step"));
    assertThrows(IllegalArgumentException.class, () -> FaultPoints.reach("report.after_done", 1));
  }

  /** Every listed point is somewhere in the source, and every one in the source is listed. */
  @Test
  void theListIsThatOfTheSource() throws IOException {
    Set<String> reached = new TreeSet<>();
    Set<String> endings = new TreeSet<>();
    for (String source : sources()) {
      find(REACHED, source, reached);
      find(OF_A_KIND, source, endings);
    }
    Set<String> listed =
        new TreeSet<>(FaultCatalog.points().stream().map(FaultPoint::name).toList());
    for (dev.pawl.experiments.plan.StageKind kind : dev.pawl.experiments.plan.StageKind.values()) {
      endings.forEach(ending -> reached.add(kind.id() + ending));
    }
    assertEquals(listed, reached);
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> tree = Files.walk(Path.of("src/main/java"))) {
      List<Path> files =
          tree.filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.endsWith("FaultCatalog.java"))
              .toList();
      assertTrue(files.size() > 50);
      List<String> texts = new java.util.ArrayList<>();
      for (Path file : files) {
        texts.add(Files.readString(file));
      }
      return texts;
    }
  }

  private static void find(Pattern pattern, String source, Set<String> found) {
    Matcher matcher = pattern.matcher(source);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
  }

  private static List<String> texts(List<Fault> faults) {
    return faults.stream().map(Fault::toString).toList();
  }

  private static void assertFails(String words, Runnable reach) {
    PawlException failed = assertThrows(PawlException.class, reach::run);
    assertEquals(FailureCause.INFRASTRUCTURE, failed.failureCause());
    assertTrue(failed.getMessage().contains(words), failed.getMessage());
  }
}
