package dev.pawl.cli;

import dev.pawl.experiments.preset.ModelFiles;
import dev.pawl.experiments.preset.NamedModel;
import dev.pawl.experiments.preset.Presets;
import dev.pawl.model.architecture.ParameterCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the presets. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "The named configurations with their sizes.")
final class ModelListCommand implements Callable<Integer> {
  private static final List<String> HEADER =
      List.of(
          "name", "architecture", "block_length", "parameters", "non_embedding", "layers x hidden");

  @Option(names = "-o", description = "table, json, csv or md.", defaultValue = "table")
  private Format format;

  @Override
  public Integer call() {
    List<List<String>> rows = new ArrayList<>();
    for (String name : Presets.names()) {
      NamedModel preset = ModelFiles.load(name);
      ParameterCounts counts = ParameterCounts.of(preset.model());
      rows.add(
          List.of(
              name,
              ModelWords.architecture(preset.model()),
              Integer.toString(preset.model().blockLength()),
              number(counts.total()),
              number(counts.nonEmbedding()),
              ModelWords.layers(preset.model())));
    }
    System.out.print(format.rows(HEADER, rows));
    return ExitCode.DONE;
  }

  private String number(long value) {
    boolean exact = format == Format.csv || format == Format.json;
    return String.format(Locale.ROOT, exact ? "%d" : "%,d", value);
  }
}
