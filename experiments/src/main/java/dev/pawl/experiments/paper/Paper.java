package dev.pawl.experiments.paper;

import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.yaml.Binder;
import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.experiments.yaml.PackedYaml;
import dev.pawl.experiments.yaml.YamlNode;
import dev.pawl.experiments.yaml.YamlReader;
import dev.pawl.model.config.Setting;
import java.util.ArrayList;
import java.util.List;

/** The main results of a paper. */
public record Paper(
    @Setting(doc = "Name.") String paper,
    @Setting(doc = "Title.") String title,
    @Setting(doc = "Who published it where.") String source,
    @Setting(doc = "What the models were trained on.") String trainingMachine,
    @Setting(doc = "What generation was measured on.") String measuringMachine,
    @Setting(doc = "Long prompts, few new tokens.") PaperShape prefillHeavy,
    @Setting(doc = "Short prompts, many new tokens.") PaperShape decodeHeavy,
    @Setting(doc = "What must be known to read the table.") List<String> notes,
    @Setting(doc = "The lines of the table in order.") List<PaperModel> models) {

  private static final PackedYaml PACKED =
      new PackedYaml("/dev/pawl/experiments/paper/papers", "experiments/papers");

  /** All names, sorted. */
  public static List<String> names() {
    return PACKED.names();
  }

  /**
   * The paper of a name.
   *
   * @throws ConfigException with the names that there are
   */
  public static Paper load(String name) {
    String text =
        PACKED
            .text(name)
            .orElseThrow(
                () ->
                    new ConfigException(
                        List.of(
                            "no paper '%s'%s; there are %s"
                                .formatted(
                                    name,
                                    Nearest.to(name, names())
                                        .map(near -> ", nearest: " + near)
                                        .orElse(""),
                                    String.join(", ", names())))));
    List<String> problems = new ArrayList<>();
    YamlNode root = YamlReader.file(PACKED.place(name), text, problems);
    Paper paper = root == null ? null : new Binder(problems).bind(root, Paper.class);
    if (paper == null || !problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return paper;
  }
}
