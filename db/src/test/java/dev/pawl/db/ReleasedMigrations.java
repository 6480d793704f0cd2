package dev.pawl.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files that migrate, seen from the folder of the module, which is where its tests run. */
final class ReleasedMigrations {
  static final Path FOLDER = Path.of("src/main/resources/dev/pawl/db/migration");

  private static final Pattern NAME = Pattern.compile("V(?<version>\\d+)__\\w+\\.sql");

  private ReleasedMigrations() {}

  /** Every file by its version. */
  static Map<Integer, Path> files() throws IOException {
    Map<Integer, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(FOLDER)) {
      for (Path file : all.toList()) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
          throw new IOException(file + " is not V<number>__<name>.sql");
        }
        Path other = files.put(Integer.valueOf(name.group("version")), file);
        if (other != null) {
          throw new IOException(file + " has the number of " + other);
        }
      }
    }
    return files;
  }

  /** Every version, the first one first. */
  static List<Integer> versions() throws IOException {
    return List.copyOf(files().keySet());
  }
}
