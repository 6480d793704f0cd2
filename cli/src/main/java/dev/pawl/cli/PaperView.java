package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.db.GenerationRow;
import dev.pawl.db.ResultRow;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.paper.Paper;
import dev.pawl.experiments.paper.PaperModel;
import dev.pawl.experiments.paper.PaperShape;
import dev.pawl.model.architecture.ParameterCounts;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.VanillaConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Runs laid out as the main table of a paper: its lines and ours by architecture and size, each
 * saying whose it is.
 */
final class PaperView {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double MEGABYTE = 1e6;
  private static final double PERCENT = 100;
  private static final double THOUSAND = 1000;

  /** The order of the paper. */
  private static final Comparator<Line> ORDER =
      Comparator.comparing((Line line) -> line.vanilla() ? 0 : 1)
          .thenComparingDouble(Line::nonEmbedding)
          .thenComparing(line -> line.ours() ? 1 : 0);

  private final Paper paper;

  private PaperView(Paper paper) {
    this.paper = paper;
  }

  /**
   * The layout of a paper.
   *
   * @throws dev.pawl.experiments.ConfigException with the names that there are
   */
  static PaperView named(String name) {
    return new PaperView(Paper.load(name));
  }

  private record Line(
      boolean vanilla,
      double nonEmbedding,
      double total,
      boolean ours,
      String machine,
      List<Cell> cells) {}

  /**
   * The table.
   *
   * @param configurations of the runs by their ids
   */
  String text(List<ResultRow> runs, Map<String, String> configurations, Format format) {
    List<Line> lines = new ArrayList<>();
    paper.models().forEach(model -> lines.add(published(model)));
    for (ResultRow run : runs) {
      lines.add(ours(run, configurations.getOrDefault(run.runId(), "{}")));
    }
    lines.sort(ORDER);
    List<List<Cell>> rows = new ArrayList<>();
    for (Line line : lines) {
      List<Cell> row = new ArrayList<>();
      row.add(Cell.of(line.ours() ? "run" : "paper"));
      row.add(line.machine().isEmpty() ? Cell.NONE : Cell.of(line.machine()));
      row.add(Cell.of(line.vanilla() ? "vanilla" : "block"));
      row.add(line.cells().get(0));
      row.add(size(line.total()));
      row.add(size(line.nonEmbedding()));
      row.addAll(line.cells().subList(1, line.cells().size()));
      rows.add(row);
    }
    return new Table(columns(), rows).text(format) + notes(format);
  }

  private List<Column> columns() {
    return List.of(
        new Column("from", "from"),
        new Column("measured_on", "measured on"),
        new Column("architecture", "architecture"),
        new Column("model", "model"),
        new Column("parameters", "parameters"),
        new Column("non_embedding", "non-embedding"),
        new Column("train_loss", "loss [nats]"),
        new Column("lambada_perplexity", "LAMBADA [ppl]"),
        new Column("wikitext_perplexity", "WikiText [ppl]"),
        new Column("hellaswag_percent", "HellaSwag [%]"),
        new Column("piqa_percent", "PIQA [%]"),
        new Column("arc_easy_percent", "ARC-easy [%]"),
        new Column("prefill_heavy_MB_per_sample", "memory prefill-heavy [MB/sample]"),
        new Column("decode_heavy_MB_per_sample", "memory decode-heavy [MB/sample]"),
        new Column("prefill_heavy_kilotokens_per_second", "prefill-heavy [1000 tokens/s]"),
        new Column("decode_heavy_kilotokens_per_second", "decode-heavy [1000 tokens/s]"));
  }

  private Line published(PaperModel model) {
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.of(model.preset() + (model.randomPadding() ? " *" : "")));
    cells.add(number(model.trainLoss(), "%.3f"));
    cells.add(number(model.lambadaPerplexity(), "%.1f"));
    cells.add(number(model.wikitextPerplexity(), "%.1f"));
    cells.add(number(model.hellaswag(), "%.2f"));
    cells.add(number(model.piqa(), "%.2f"));
    cells.add(number(model.arcEasy(), "%.2f"));
    cells.add(number(model.prefillMemory(), "%.1f"));
    cells.add(number(model.decodeMemory(), "%.1f"));
    cells.add(number(model.prefillThroughput(), "%.1f"));
    cells.add(number(model.decodeThroughput(), "%.1f"));
    return new Line(
        model.architecture().equals("vanilla"),
        model.nonEmbedding(),
        model.parameters(),
        false,
        paper.measuringMachine(),
        cells);
  }

  private Line ours(ResultRow run, String configuration) {
    Optional<ModelConfig> model = model(configuration);
    Optional<ParameterCounts> counts = model.map(ParameterCounts::of);
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.of(run.experiment() + "/" + run.run()));
    cells.add(number(run.trainLoss(), "%.3f"));
    cells.add(score(run, "lambada_openai", "perplexity", 1, "%.1f"));
    cells.add(score(run, "wikitext", "word_perplexity", 1, "%.1f"));
    cells.add(score(run, "hellaswag", "acc", PERCENT, "%.2f"));
    cells.add(score(run, "piqa", "acc", PERCENT, "%.2f"));
    cells.add(score(run, "arc_easy", "acc", PERCENT, "%.2f"));
    Optional<List<GenerationRow>> prefill = shape(run, paper.prefillHeavy(), true);
    Optional<List<GenerationRow>> decode = shape(run, paper.decodeHeavy(), false);
    cells.add(measured(prefill.flatMap(PaperView::memory), prefill, paper.prefillHeavy(), "%.3g"));
    cells.add(measured(decode.flatMap(PaperView::memory), decode, paper.decodeHeavy(), "%.3g"));
    cells.add(measured(prefill.flatMap(PaperView::speed), prefill, paper.prefillHeavy(), "%.3g"));
    cells.add(measured(decode.flatMap(PaperView::speed), decode, paper.decodeHeavy(), "%.3g"));
    return new Line(
        model.map(VanillaConfig.class::isInstance).orElse(run.model().contains("vanilla")),
        counts.map(ParameterCounts::nonEmbedding).orElse(0L),
        counts.map(ParameterCounts::total).orElse(run.parameters()),
        true,
        machine(run),
        cells);
  }

  private static String machine(ResultRow run) {
    return run.generation().stream()
        .map(GenerationRow::conditions)
        .filter(conditions -> conditions.containsKey("device"))
        .findFirst()
        .map(
            conditions ->
                conditions.get("device").equals("cpu") && conditions.containsKey("threads")
                    ? "cpu, %s threads".formatted(conditions.get("threads"))
                    : conditions.get("device"))
        .orElse("");
  }

  private static Optional<ModelConfig> model(String configuration) {
    try {
      var model = JSON.readTree(configuration).path("model");
      return model.isObject()
          ? Optional.of(CanonicalJson.read(model.toString(), ModelConfig.class))
          : Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException ofAnotherVersion) {
      return Optional.empty();
    }
  }

  private static Cell number(Optional<Double> value, String format) {
    return value.map(found -> Cell.of(found, format)).orElse(Cell.NONE);
  }

  private static Cell score(
      ResultRow run, String task, String metric, double factor, String format) {
    Double value = run.tasks().getOrDefault(task, Map.of()).get(metric);
    if (value == null) {
      return Cell.NONE;
    }
    Double stderr = run.stderrs().getOrDefault(task, Map.of()).get(metric);
    String text = String.format(Locale.ROOT, format, factor * value);
    if (stderr != null) {
      text +=
          " " + Terminal.plusMinus() + " " + String.format(Locale.ROOT, format, factor * stderr);
    }
    return new Cell(factor * value, text, false);
  }

  // Measurements of the paper's lengths; where there are none, of others that are as one-sided.
  private static Optional<List<GenerationRow>> shape(
      ResultRow run, PaperShape wanted, boolean longPrompt) {
    List<GenerationRow> fitting = run.generation().stream().filter(row -> !row.oom()).toList();
    Predicate<GenerationRow> exact =
        row ->
            row.prefillLength() == wanted.prefillLength()
                && row.decodeLength() == wanted.decodeLength();
    Optional<GenerationRow> chosen =
        fitting.stream()
            .filter(exact)
            .findFirst()
            .or(
                () ->
                    fitting.stream()
                        .filter(
                            row ->
                                longPrompt
                                    ? row.prefillLength() > row.decodeLength()
                                    : row.prefillLength() < row.decodeLength())
                        .max(
                            Comparator.comparingInt(
                                row -> row.prefillLength() + row.decodeLength())));
    return chosen.map(
        one ->
            fitting.stream()
                .filter(
                    row ->
                        row.prefillLength() == one.prefillLength()
                            && row.decodeLength() == one.decodeLength()
                            && row.protocol().equals(one.protocol())
                            && row.precision().equals(one.precision()))
                .sorted(Comparator.comparingInt(GenerationRow::batchSize))
                .toList());
  }

  // What each further sample adds to the peak, which takes two batch sizes to tell.
  private static Optional<Double> memory(List<GenerationRow> rows) {
    GenerationRow least = rows.get(0);
    GenerationRow most = rows.get(rows.size() - 1);
    int samples = most.batchSize() - least.batchSize();
    long bytes = most.maxMemoryBytes() - least.maxMemoryBytes();
    return samples > 0 && bytes > 0 ? Optional.of(bytes / MEGABYTE / samples) : Optional.empty();
  }

  private static Optional<Double> speed(List<GenerationRow> rows) {
    return rows.stream()
        .map(row -> row.tokensPerSecond() / THOUSAND)
        .max(Comparator.naturalOrder());
  }

  private static Cell measured(
      Optional<Double> value,
      Optional<List<GenerationRow>> rows,
      PaperShape wanted,
      String format) {
    if (value.isEmpty() || rows.isEmpty()) {
      return Cell.NONE;
    }
    GenerationRow row = rows.get().get(0);
    Cell cell = Cell.of(value.get(), format);
    boolean same =
        row.prefillLength() == wanted.prefillLength()
            && row.decodeLength() == wanted.decodeLength();
    return same
        ? cell
        : new Cell(
            cell.value(),
            "%s at %d/%d".formatted(cell.text(), row.prefillLength(), row.decodeLength()),
            false);
  }

  private static Cell size(double parameters) {
    String text;
    if (parameters >= 1e9) {
      text = String.format(Locale.ROOT, "%.1fB", parameters / 1e9);
    } else if (parameters >= 1e7) {
      text = String.format(Locale.ROOT, "%.0fM", parameters / 1e6);
    } else {
      text = String.format(Locale.ROOT, "%.2fM", parameters / 1e6).replaceFirst("\\.?0+M", "M");
    }
    return new Cell((long) parameters, text, false);
  }

  // What belongs to the table goes where the table goes.
  private String notes(Format format) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "lines from 'paper' are published numbers, not computed here: %s; trained on %s, measured on %s"
            .formatted(paper.source(), paper.trainingMachine(), paper.measuringMachine()));
    notes.addAll(paper.notes());
    notes.add(
        "prefill-heavy is %d/%d tokens in/out, decode-heavy %d/%d, unless a cell says other lengths"
            .formatted(
                paper.prefillHeavy().prefillLength(),
                paper.prefillHeavy().decodeLength(),
                paper.decodeHeavy().prefillLength(),
                paper.decodeHeavy().decodeLength()));
    StringBuilder text = new StringBuilder();
    switch (format) {
      case table -> notes.forEach(note -> text.append("  ").append(note).append('\n'));
      case md -> {
        text.append('\n');
        notes.forEach(note -> text.append("- ").append(note.replace("*", "\\*")).append('\n'));
      }
      case latex ->
          notes.forEach(
              note -> text.append("\\par\\footnotesize ").append(Latex.escaped(note)).append('\n'));
      case json, csv -> {}
    }
    return text.toString();
  }
}
