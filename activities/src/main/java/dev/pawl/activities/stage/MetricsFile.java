package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.db.MetricPoint;
import dev.pawl.db.MetricStore;
import dev.pawl.experiments.CanonicalJson;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code metrics.csv} of a training's artifact: what the record held when the training ended, so
 * that a row changed later is found. What a clock measured is not in it: it differs between two
 * trainings of the same bits.
 */
public final class MetricsFile {
  /** Name within the artifact. */
  public static final String FILE_NAME = "metrics.csv";

  private static final String HEADER = "step,name,value";

  private MetricsFile() {}

  /** Writes all points of a stage, by step and name. */
  static void write(Path folder, MetricStore metrics, String stageKey) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      writer.write(HEADER + "\n");
      metrics.read(
          stageKey,
          points -> {
            while (points.hasNext()) {
              MetricPoint point = points.next();
              if (!StepMetrics.MEASURED.contains(point.name())) {
                writer.write(line(point) + "\n");
              }
            }
          });
    }
    DurableFiles.flush(file);
  }

  /** The first difference between the file and the record, in words; empty when there is none. */
  public static Optional<String> difference(Path folder, MetricStore metrics, String stageKey)
      throws IOException {
    Path file = folder.resolve(FILE_NAME);
    String[] found = new String[1];
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      reader.readLine();
      metrics.read(stageKey, points -> found[0] = difference(reader, points));
    }
    return Optional.ofNullable(found[0]);
  }

  /** How many points the training wrote. */
  public static long points(Path folder) throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve(FILE_NAME))) {
      return lines.count() - 1;
    }
  }

  private static @org.jspecify.annotations.Nullable String difference(
      BufferedReader reader, Iterator<MetricPoint> points) throws IOException {
    String written = reader.readLine();
    while (points.hasNext()) {
      MetricPoint point = points.next();
      if (StepMetrics.MEASURED.contains(point.name())) {
        continue;
      }
      String stored = line(point);
      if (!stored.equals(written)) {
        return "the record has '%s' where the training wrote '%s'"
            .formatted(stored, written == null ? "nothing" : written);
      }
      written = reader.readLine();
    }
    return written == null ? null : "the record lacks '%s'".formatted(written);
  }

  // Not Double.toString: its digits differ between Java versions.
  private static String line(MetricPoint point) {
    return point.step() + "," + point.name() + "," + CanonicalJson.write(point.value());
  }
}
