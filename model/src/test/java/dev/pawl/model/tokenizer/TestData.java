package dev.pawl.model.tokenizer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** Files of real text outside the product, in the folder that {@code PAWL_TEST_DATA} names. */
final class TestData {
  private TestData() {}

  /** The file of that name; skips the calling test, and says so, where no folder is named. */
  static Path file(String name) {
    String folder = System.getenv("PAWL_TEST_DATA");
    assumeTrue(
        folder != null && !folder.isBlank(),
        "skipped: PAWL_TEST_DATA names no folder with " + name);
    return Path.of(folder, name);
  }

  /** The tokenizer of GPT-NeoX, in the same way. */
  static Path gptNeox() {
    return file("gpt-neox-20b-tokenizer.json");
  }
}
