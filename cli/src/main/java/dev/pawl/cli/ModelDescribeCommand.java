package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.experiments.preset.NamedModel;
import dev.pawl.model.config.TrainingConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Describes one model by arithmetic alone: no weights are made and the engine does not start. */
@Command(
    name = "describe",
    mixinStandardHelpOptions = true,
    description = "Parameters, tensors, FLOPs, cache and file sizes of one model.")
final class ModelDescribeCommand implements Callable<Integer> {
  private static final int PUBLISHED_LENGTH = 2048;

  @Parameters(
      index = "0",
      paramLabel = "NAME|FILE",
      description = "A preset ('pawl model list'), a model file, or a published trainer file.")
  private String model;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description = "Values that replace those of the file, such as model.vocab_size=512.")
  private List<String> overrides = List.of();

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Tokens of context that FLOPs are counted at (max_length, or 2048).")
  private Integer context;

  @Option(names = "--tensors", description = "Every tensor with its shape.")
  private boolean tensors;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Override
  public Integer call() throws JsonProcessingException {
    NamedModel found = ModelOption.load(model, overrides);
    int length =
        context == null
            ? found.training().map(TrainingConfig::maxLength).orElse(PUBLISHED_LENGTH)
            : context;
    Map<String, Object> facts = ModelDescription.of(found, length, tensors);
    if (format == Format.json) {
      System.out.println(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(facts));
      return ExitCode.DONE;
    }
    List<List<String>> rows = new ArrayList<>();
    flatten("", facts, rows);
    System.out.print(format.rows(List.of("what", "value"), rows));
    return ExitCode.DONE;
  }

  private void flatten(String path, Object value, List<List<String>> rows) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, below) -> flatten(path.isEmpty() ? "" + key : path + "." + key, below, rows));
    } else if (value instanceof Long number && format != Format.csv) {
      rows.add(List.of(path, String.format(Locale.ROOT, "%,d", number)));
    } else {
      rows.add(List.of(path, value.toString()));
    }
  }
}
