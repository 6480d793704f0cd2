package dev.pawl.cli;

import dev.pawl.experiments.preset.ModelFiles;
import dev.pawl.experiments.preset.NamedModel;
import dev.pawl.experiments.preset.Presets;
import dev.pawl.model.architecture.ParameterCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
          "name", "architecture", "block_length", "parameters", "non_embedding", "layers_x_hidden");

  /** Families by name; in each the smaller first, and the same model by name. */
  private static final Comparator<NamedModel> ORDER =
      Comparator.comparing(ModelListCommand::family)
          .thenComparingLong(preset -> ParameterCounts.of(preset.model()).total())
          .thenComparing(NamedModel::name);

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Override
  public Integer call() {
    List<List<Object>> rows = new ArrayList<>();
    List<NamedModel> presets =
        Presets.names().stream().map(ModelFiles::load).sorted(ORDER).toList();
    for (NamedModel preset : presets) {
      ParameterCounts counts = ParameterCounts.of(preset.model());
      rows.add(
          List.of(
              preset.name(),
              ModelWords.architecture(preset.model()),
              preset.model().blockLength(),
              format.count(counts.total()),
              format.count(counts.nonEmbedding()),
              ModelWords.layers(preset.model())));
    }
    System.out.print(format.rows(HEADER, rows));
    return ExitCode.DONE;
  }

  /** The name without its sizes: {@code block_main_b4_1.2b_flop_v70} is of block_main_b. */
  private static String family(NamedModel preset) {
    return preset.name().replaceFirst("\\d.*", "");
  }
}
