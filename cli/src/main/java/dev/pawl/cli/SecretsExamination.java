package dev.pawl.cli;

import dev.pawl.cli.crypto.PayloadKeys;
import dev.pawl.db.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Secrets: who else could read them. */
final class SecretsExamination {
  private static final Pattern IN_URL =
      Pattern.compile("(?i)[?&](?:ssl)?password=[^&]+|://[^/@:]*:[^/@]+@");
  private static final Pattern KEY_OF_URL = Pattern.compile("(?i)[?&]sslkey=([^&]+)");

  private final Path home;
  private final Map<String, String> environment;

  SecretsExamination(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = new TreeMap<>(environment);
  }

  List<Checkup> examine() throws IOException {
    List<Checkup> found = new ArrayList<>();
    Map<Path, String> files = files();
    for (Map.Entry<Path, String> file : files.entrySet()) {
      Optional<String> open = PayloadKeys.openToOthers(file.getKey());
      if (open.isPresent()) {
        found.add(
            Checkup.warning(
                "secrets",
                "%s (%s) may be used by others: %s"
                    .formatted(file.getKey(), file.getValue(), open.get()),
                "chmod 600 " + file.getKey()));
      }
    }
    if (IN_URL.matcher(environment.getOrDefault("PAWL_JDBC_URL", "")).find()) {
      found.add(
          Checkup.warning(
              "secrets",
              "there is a password in PAWL_JDBC_URL",
              "put it into PAWL_JDBC_PASSWORD: URLs are shown and copied"));
    }
    environment.forEach(
        (name, value) -> {
          if (Secrets.isSecret(name)
              && ours(name)
              && !value.isBlank()
              && value.strip().length() < Secrets.SHORTEST) {
            found.add(
                Checkup.warning(
                    "secrets",
                    "%s is shorter than %d characters and is not taken out of texts"
                        .formatted(name, Secrets.SHORTEST),
                    "make it longer"));
          }
        });
    if (found.isEmpty()) {
      long known = environment.keySet().stream().filter(Secrets::isSecret).count();
      found.add(
          Checkup.ok(
              "secrets",
              "%d variables and %d files; only this user reads the files"
                  .formatted(known, files.size())));
    }
    return found;
  }

  private static boolean ours(String variable) {
    return variable.startsWith("PAWL_") || variable.startsWith("TEMPORAL_");
  }

  /** Files that hold a secret, with who names them. */
  private Map<Path, String> files() throws IOException {
    Map<Path, String> files = new LinkedHashMap<>();
    for (String variable : List.of(PayloadKeys.FILE_VARIABLE, "TEMPORAL_TLS_CLIENT_KEY_PATH")) {
      add(files, environment.getOrDefault(variable, ""), variable);
    }
    Matcher key = KEY_OF_URL.matcher(environment.getOrDefault("PAWL_JDBC_URL", ""));
    if (key.find()) {
      add(files, key.group(1), "sslkey of PAWL_JDBC_URL");
    }
    Path postgres = home.resolve("postgres");
    if (Files.isDirectory(postgres)) {
      try (Stream<Path> passwords = Files.list(postgres)) {
        passwords
            .filter(file -> file.getFileName().toString().matches("pw(-.*)?"))
            .sorted()
            .forEach(file -> files.put(file, "of the embedded PostgreSQL"));
      }
    }
    return files;
  }

  private static void add(Map<Path, String> files, String name, String who) {
    if (!name.isBlank() && Files.isRegularFile(Path.of(name))) {
      files.put(Path.of(name), who);
    }
  }
}
