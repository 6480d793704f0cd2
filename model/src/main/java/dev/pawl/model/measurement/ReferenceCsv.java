package dev.pawl.model.measurement;

import java.util.Comparator;
import java.util.List;

/** Measurements in the format of the original program (block-transformer.md 7). */
public final class ReferenceCsv {
  private static final double GIBIBYTE = 1L << 30;

  private ReferenceCsv() {}

  /** The file: sorted by lengths and batch, an unnamed index first; empty cells out of memory. */
  public static String of(List<MeasuredBatch> rows) {
    StringBuilder text =
        new StringBuilder(
            ",prefill_length,decode_length,batch_size,oom,mean,mean_per_sample,mean_per_token,"
                + "max_memory_allocated,max_memory_reserved,std\n");
    List<MeasuredBatch> sorted =
        rows.stream()
            .sorted(
                Comparator.comparingInt(MeasuredBatch::prefillLength)
                    .thenComparingInt(MeasuredBatch::decodeLength)
                    .thenComparingInt(MeasuredBatch::batchSize))
            .toList();
    for (int i = 0; i < sorted.size(); i++) {
      text.append(i).append(',').append(cells(sorted.get(i))).append('\n');
    }
    return text.toString();
  }

  private static String cells(MeasuredBatch row) {
    String key =
        "%d,%d,%d,%s"
            .formatted(
                row.prefillLength(),
                row.decodeLength(),
                row.batchSize(),
                row.oom() ? "True" : "False");
    if (row.oom()) {
      return key + ",,,,,,";
    }
    double sample = row.mean() / row.batchSize();
    double gib = row.maxMemoryBytes() / GIBIBYTE;
    String std = row.milliseconds().size() > 1 ? Double.toString(row.std()) : "";
    return String.join(
        ",",
        key,
        Double.toString(row.mean()),
        Double.toString(sample),
        Double.toString(sample / row.decodeLength()),
        Double.toString(gib),
        Double.toString(gib),
        std);
  }
}
