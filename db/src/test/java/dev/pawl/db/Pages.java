package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pages of docs/ that are made, wholly or in part, from what the database says. */
final class Pages {
  private Pages() {}

  static Path of(String name) {
    Path here = Path.of("").toAbsolutePath();
    Path house = Files.exists(here.resolve("README.md")) ? here : here.getParent();
    return house.resolve("docs").resolve(name);
  }

  /** A page must be as it would be made now; with {@code -Dpawl.write=true} it is made so. */
  static void compare(Path page, String right) throws IOException {
    if (Boolean.getBoolean("pawl.write")) {
      Files.writeString(page, right);
      return;
    }
    String is = Files.exists(page) ? Files.readString(page) : "";
    assertEquals(
        right,
        is,
        page
            + " is out of date: mvn -pl db test -Dtest=SchemaPageTest,QueriesTest -Dpawl.write=true");
  }
}
