package dev.pawl.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** The pages of docs/. */
public final class DocsPages {
  private DocsPages() {}

  /** A page by its name, from wherever the tests are started. */
  public static Path of(String name) {
    Path here = Path.of("").toAbsolutePath();
    Path house = Files.exists(here.resolve("CONTRIBUTING.md")) ? here : here.getParent();
    return house.resolve("docs").resolve(name);
  }
}
