package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What the pages say of the command is so: every command, option, file and link exists. */
class ReadmeTest {
  private static final Path HOUSE = house();
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])(--[a-z][a-z0-9-]*|-[a-z])\\b");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern FILE = Pattern.compile("\\bexperiments/[\\w./-]*\\w");

  private static Path house() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("README.md")) ? here : here.getParent();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(HOUSE.resolve("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "CONTRIBUTING.md").map(HOUSE::resolve),
              docs.filter(page -> page.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  @Test
  void commandsAndOptionsExist() throws IOException {
    List<String> problems = new ArrayList<>();
    int seen = 0;
    for (Path page : pages()) {
      for (String line : commandLines(Files.readString(page))) {
        seen++;
        check(line).forEach(problem -> problems.add(page.getFileName() + ": " + problem));
      }
    }
    assertEquals(List.of(), problems);
    assertTrue(seen > 20, "only " + seen + " command lines were found");
  }

  @Test
  void everyCommandHasItsLineInReadme() throws IOException {
    Set<String> named = new LinkedHashSet<>();
    for (String line : commandLines(Files.readString(HOUSE.resolve("README.md")))) {
      for (List<String> words : alternatives(words(line))) {
        named.add(command(words).qualifiedName());
      }
    }
    Set<String> missing = leaves(Pawl.commandLine());
    missing.removeAll(named);
    missing.remove("pawl help");
    assertEquals(Set.of(), missing);
  }

  @Test
  void filesAndLinksExist() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Path page : pages()) {
      String text = Files.readString(page);
      LINK.matcher(text)
          .results()
          .map(found -> page.resolveSibling(found.group(1)))
          .filter(target -> !Files.exists(target))
          .forEach(target -> problems.add(page.getFileName() + ": no " + target));
      FILE.matcher(text)
          .results()
          .map(found -> HOUSE.resolve(found.group()))
          .filter(target -> !Files.exists(target))
          .forEach(target -> problems.add(page.getFileName() + ": no " + target));
    }
    assertEquals(List.of(), problems);
  }

  @Test
  void whatIsNotThereIsFound() {
    assertEquals(List.of("pawl runz: no such command"), check("pawl runz"));
    assertEquals(List.of("pawl data mend X: no such command"), check("pawl data mend X"));
    assertEquals(
        List.of("pawl show RUN --wach: no option --wach of pawl show"),
        check("pawl show RUN --wach"));
    assertEquals(List.of("pawl pause|halt RUN: no such command"), check("pawl pause|halt RUN"));
  }

  /** Lines of code blocks, and code inside a line, that begin with the command. */
  private static List<String> commandLines(String page) {
    List<String> found = new ArrayList<>();
    boolean block = false;
    for (String line : page.split("\n", -1)) {
      if (line.startsWith("```")) {
        block = !block;
      } else if (block && isCommand(line)) {
        found.add(line);
      } else if (!block) {
        Matcher code = CODE.matcher(line);
        List<String> commands = code.results().map(each -> each.group(1)).toList();
        commands.stream().filter(ReadmeTest::isCommand).forEach(found::add);
        // A table's row gives options of its command in its later cells.
        if (line.startsWith("| `pawl ")) {
          commands.stream()
              .filter(each -> each.startsWith("-"))
              .forEach(option -> found.add(commands.get(0) + " " + option));
        }
      }
    }
    return found;
  }

  private static boolean isCommand(String text) {
    return text.startsWith("pawl ") || text.startsWith("./pawl ");
  }

  private static List<String> check(String line) {
    List<String> problems = new ArrayList<>();
    for (List<String> words : alternatives(words(line))) {
      CommandSpec command = command(words);
      boolean group = !command.subcommands().isEmpty();
      if (group && words.size() > command.qualifiedName().split(" ").length) {
        String next = words.get(command.qualifiedName().split(" ").length);
        if (!next.startsWith("-")) {
          problems.add(line + ": no such command");
          continue;
        }
      }
      Map<String, ?> options = command.optionsMap();
      Matcher option = OPTION.matcher(String.join(" ", words));
      while (option.find()) {
        if (!options.containsKey(option.group(1))) {
          problems.add(
              "%s: no option %s of %s".formatted(line, option.group(1), command.qualifiedName()));
        }
      }
    }
    return problems;
  }

  private static List<String> words(String line) {
    return List.of(line.replace("\\|", "|").replaceFirst("^\\./", "").strip().split("\\s+"));
  }

  /** {@code pawl stop|cancel RUN} is two commands. */
  private static List<List<String>> alternatives(List<String> words) {
    List<List<String>> all = List.of(List.of());
    for (String word : words) {
      String[] choices =
          word.matches("[a-z]+(\\|[a-z]+)+") ? word.split("\\|") : new String[] {word};
      List<List<String>> longer = new ArrayList<>();
      for (List<String> begun : all) {
        for (String choice : choices) {
          List<String> one = new ArrayList<>(begun);
          one.add(choice);
          longer.add(one);
        }
      }
      all = longer;
    }
    return all;
  }

  /** The command that the words begin with, as far down as they name one. */
  private static CommandSpec command(List<String> words) {
    CommandLine command = Pawl.commandLine();
    for (String word : words.subList(1, words.size())) {
      CommandLine below = command.getSubcommands().get(word);
      if (below == null) {
        break;
      }
      command = below;
    }
    return command.getCommandSpec();
  }

  private static Set<String> leaves(CommandLine command) {
    Set<String> names = new LinkedHashSet<>();
    for (CommandLine below : command.getSubcommands().values()) {
      if (!below.getSubcommands().isEmpty()) {
        names.addAll(leaves(below));
      } else if (!below.getCommandSpec().usageMessage().hidden()) {
        names.add(below.getCommandSpec().qualifiedName());
      }
    }
    return names;
  }
}
