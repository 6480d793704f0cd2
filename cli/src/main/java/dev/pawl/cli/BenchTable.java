package dev.pawl.cli;

import dev.pawl.model.measurement.MeasuredBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Measured rows as they are printed. */
final class BenchTable {
  private BenchTable() {}

  /** In a format; JSON and CSV hold everything, the others what people read. */
  static String of(String model, List<MeasuredBatch> rows, Format format) {
    List<Map<String, Object>> all =
        rows.stream().map(row -> cells(model, row, rows, format)).toList();
    if (format == Format.json) {
      return JsonText.of(all);
    }
    List<String> header = all.isEmpty() ? List.of() : new ArrayList<>(all.get(0).keySet());
    return format.rows(header, all.stream().map(cells -> new ArrayList<>(cells.values())).toList());
  }

  private static Map<String, Object> cells(
      String model, MeasuredBatch row, List<MeasuredBatch> rows, Format format) {
    boolean people = format.forPeople();
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("model", model);
    cells.put("prefill_length", row.prefillLength());
    cells.put("decode_length", row.decodeLength());
    cells.put("batch_size", row.batchSize());
    cells.put("protocol", row.protocol());
    cells.put("precision", row.precision());
    cells.put("oom", row.oom());
    cells.put("tokens_per_second", number(row.tokensPerSecond(), people));
    cells.put("max_memory_bytes", format.count(row.maxMemoryBytes()));
    cells.put("bytes_per_sample", format.count(bytesPerSample(row, rows)));
    cells.put("mean_ms", number(row.mean(), people));
    cells.put("std_ms", number(row.std(), people));
    cells.put("floor_ms", number(row.floorMilliseconds(), people));
    cells.put("over_floor", number(row.overFloor(), people));
    if (people) {
      cells.put("load", row.conditions().getOrDefault("load", ""));
      return cells;
    }
    cells.put("milliseconds", format == Format.json ? row.milliseconds() : joined(row));
    cells.putAll(new TreeMap<>(row.conditions()));
    return cells;
  }

  // Growth of the peak over that of one sample; 0 where that is not known.
  private static long bytesPerSample(MeasuredBatch row, List<MeasuredBatch> rows) {
    if (row.oom() || row.batchSize() == 1) {
      return 0;
    }
    return rows.stream()
        .filter(
            one ->
                one.batchSize() == 1
                    && !one.oom()
                    && one.sameShape(
                        row.prefillLength(), row.decodeLength(), row.protocol(), row.precision()))
        .findFirst()
        .map(one -> (row.maxMemoryBytes() - one.maxMemoryBytes()) / (row.batchSize() - 1))
        .orElse(0L);
  }

  private static Object number(double value, boolean people) {
    return people ? String.format(Locale.ROOT, "%.2f", value) : value;
  }

  private static String joined(MeasuredBatch row) {
    return String.join(" ", row.milliseconds().stream().map(String::valueOf).toList());
  }
}
