package dev.pawl.model.dataset.preprocess;

import java.nio.file.Path;

/** A record that cannot be used. */
public record BadRecord(Path file, long line, String reason) {
  @Override
  public String toString() {
    return "%s:%d: %s".formatted(file, line, reason);
  }
}
