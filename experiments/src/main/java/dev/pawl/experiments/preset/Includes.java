package dev.pawl.experiments.preset;

import dev.pawl.experiments.yaml.YamlNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Follows {@code preset:} and {@code file:} in an experiment. */
public final class Includes {
  private Includes() {}

  /**
   * Replaces each entry of {@code models} and {@code training} that names a preset or a file by
   * what stands there, with the keys beside it put over it.
   *
   * @param beside the experiment's folder
   * @param problems takes what is wrong
   * @param notes takes what a file says that is left out of account
   * @return whether all was found; what is bound without it would only mislead
   */
  public static boolean expand(
      YamlNode experiment, Path beside, List<String> problems, List<String> notes) {
    Map<String, YamlNode> fields = experiment.fields();
    if (fields == null) {
      return true;
    }
    int before = problems.size();
    SourceReader reader = new SourceReader(problems, notes, List.of());
    YamlNode models = fields.get("models");
    if (models != null && models.fields() != null) {
      models
          .fields()
          .replaceAll((name, model) -> reader.expand(model, "models." + name, false, beside));
    }
    YamlNode training = fields.get("training");
    if (training != null) {
      fields.put("training", reader.expand(training, "training", true, beside));
    }
    return problems.size() == before;
  }
}
