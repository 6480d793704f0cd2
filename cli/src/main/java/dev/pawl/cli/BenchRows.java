package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.measurement.MeasuredBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A file of measured rows, whole and on disk after each of them. */
final class BenchRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final List<MeasuredBatch> rows;

  private BenchRows(Path file, List<MeasuredBatch> rows) {
    this.file = file;
    this.rows = rows;
  }

  /** Opens or begins a file. */
  static BenchRows open(Path file) throws IOException {
    List<MeasuredBatch> rows = new ArrayList<>();
    if (Files.exists(file)) {
      try {
        rows.addAll(
            JSON.readValue(Files.readAllBytes(file), new TypeReference<List<MeasuredBatch>>() {}));
      } catch (JsonProcessingException e) {
        throw new PawlException(
            FailureCause.DATA,
            "%s does not hold measurements: %s; move it away, or name another with --rows"
                .formatted(file, e.getOriginalMessage()),
            e);
      }
    }
    return new BenchRows(file, rows);
  }

  /** Rows that were measured under all of these conditions. */
  List<MeasuredBatch> under(Map<String, String> conditions) {
    return rows.stream()
        .filter(row -> row.conditions().entrySet().containsAll(conditions.entrySet()))
        .toList();
  }

  /** Keeps a row. */
  void add(MeasuredBatch row) {
    rows.add(row);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      DurableFiles.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(rows));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
