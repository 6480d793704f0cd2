package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceTest {
  @TempDir Path folder;

  @Test
  void aHomeHasOneIdHoweverManyAskAtOnce() throws IOException {
    Path home = folder.resolve("home");
    Set<String> ids =
        IntStream.range(0, 16).parallel().mapToObj(i -> id(home)).collect(Collectors.toSet());

    assertEquals(1, ids.size(), ids.toString());
    String id = ids.iterator().next();
    assertTrue(id.matches("[0-9a-f]{8}"), id);
    assertNotEquals(id, Place.id(folder.resolve("another")));
    try (Stream<Path> files = Files.list(home)) {
      assertEquals(1, files.count());
    }
  }

  private static String id(Path home) {
    try {
      return Place.id(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
