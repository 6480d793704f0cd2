package dev.pawl.cli;

import dev.pawl.experiments.preset.ModelFiles;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.measurement.Accelerator;
import dev.pawl.model.measurement.PublishedRates;
import dev.pawl.model.measurement.ReferencePrediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an accelerator would measure, beside what the paper did. */
final class BenchPrediction {
  private static final double MEBIBYTE = 1 << 20;
  private static final List<String> HEADER =
      List.of(
          "model",
          "prefill_length",
          "decode_length",
          "mib_per_sample",
          "paper_mb",
          "batch_size",
          "thousand_tokens_per_second",
          "paper",
          "times_vanilla",
          "paper_times");

  private BenchPrediction() {}

  /** All published models; the ratio of a block model is to the vanilla model beside it in size. */
  static String of(Accelerator device, Format format) {
    List<List<Object>> rows = new ArrayList<>();
    for (boolean prefillHeavy : new boolean[] {true, false}) {
      for (PublishedRates published : PublishedRates.ALL) {
        rows.add(row(published, prefillHeavy, device));
      }
    }
    return format.rows(HEADER, rows);
  }

  private static List<Object> row(
      PublishedRates published, boolean prefillHeavy, Accelerator device) {
    ReferencePrediction predicted = predict(published, prefillHeavy, device);
    double rate = prefillHeavy ? published.prefillRate() : published.decodeRate();
    double memory = prefillHeavy ? published.prefillMegabytes() : published.decodeMegabytes();
    String times = "";
    String paperTimes = "";
    int number = PublishedRates.ALL.indexOf(published);
    if (published.preset().startsWith("block")) {
      // The table pairs 33M with 31M, 77M with 70M and so on; the two largest with the last.
      PublishedRates vanilla = PublishedRates.ALL.get(Math.min(number - 4, 3));
      double other = prefillHeavy ? vanilla.prefillRate() : vanilla.decodeRate();
      times =
          number(
              predicted.tokensPerSecond()
                  / predict(vanilla, prefillHeavy, device).tokensPerSecond());
      paperTimes = number(rate / other);
    }
    return List.of(
        published.preset(),
        prefillHeavy ? PublishedRates.LONG : PublishedRates.SHORT,
        prefillHeavy ? PublishedRates.SHORT : PublishedRates.LONG,
        number(predicted.sampleBytes() / MEBIBYTE),
        number(memory),
        predicted.batch(),
        number(predicted.tokensPerSecond() / 1000),
        number(rate),
        times,
        paperTimes);
  }

  private static ReferencePrediction predict(
      PublishedRates published, boolean prefillHeavy, Accelerator device) {
    return ReferencePrediction.of(
        model(published.preset()),
        prefillHeavy ? PublishedRates.LONG : PublishedRates.SHORT,
        prefillHeavy ? PublishedRates.SHORT : PublishedRates.LONG,
        device);
  }

  private static ModelConfig model(String preset) {
    return BenchCommand.sized(ModelFiles.load(preset).model());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
