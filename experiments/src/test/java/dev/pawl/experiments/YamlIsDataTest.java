package dev.pawl.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file can ask for values and for nothing else: it names no class, and does not grow. */
class YamlIsDataTest {
  private static final AtomicBoolean MADE = new AtomicBoolean();

  @TempDir private Path folder;

  /** What a reader that makes objects would make. */
  public static final class Trap {
    public Trap() {
      MADE.set(true);
    }

    public Trap(String ignored) {
      MADE.set(true);
    }
  }

  private List<String> problems(String text, String... overrides) throws IOException {
    Path file = Files.writeString(folder.resolve("e.yaml"), text);
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> Experiments.load(file, List.of(overrides)).spec());
    return e.problems().stream().map(line -> line.replace(file.toString(), "e.yaml")).toList();
  }

  @Test
  void tagsMakeNoObjects() throws IOException {
    for (String tag :
        List.of(
            "!!" + Trap.class.getName(),
            "!<tag:yaml.org,2002:" + Trap.class.getName() + ">",
            "!!javax.script.ScriptEngineManager",
            "!python/object/apply:os.system")) {
      for (String value : List.of("x", "[x]", "{a: x}")) {
        List<String> problems = problems("experiment: quick\ndataset: " + tag + " " + value + "\n");
        assertTrue(
            problems.stream().anyMatch(each -> each.startsWith("e.yaml:2: dataset: tags such as")),
            problems.toString());
      }
    }
    assertTrue(
        problems("experiment: quick\n", "training.seed=!!" + Trap.class.getName() + " x")
            .toString()
            .contains("tags such as"));
    assertEquals(false, MADE.get());
  }

  @Test
  void aliasesAreNotFollowed() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append(("*a" + (i - 1) + ", ").repeat(9)).append("x]\n");
    }
    List<String> problems = problems(bomb.toString());
    assertTrue(
        problems.contains("e.yaml:2: a1[0]: aliases are not read; write the value out"),
        problems.subList(0, 5).toString());
    assertTrue(
        problems("base: &base {seed: 1}\ntraining: {<<: *base}\n")
            .toString()
            .contains("aliases are not read"));
  }

  @Test
  void depthAndLengthHaveAnEnd() throws IOException {
    assertTrue(problems("[".repeat(100_000)).toString().contains("not valid YAML"));
    assertTrue(problems("a: ".repeat(1) + "{a: ".repeat(50_000)).toString().contains("not valid"));
    assertTrue(
        problems("experiment: " + "x".repeat(5_000_000) + "\n").toString().contains("not valid"));
  }
}
