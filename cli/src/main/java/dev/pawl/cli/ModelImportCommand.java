package dev.pawl.cli;

import dev.pawl.activities.checkpoint.ModelImport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a model over from another library. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = "Makes a checkpoint out of a Hugging Face GPT-NeoX (Pythia) folder.")
final class ModelImportCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR",
      description = "Folder with config.json and model.safetensors, or shards and their index.")
  private Path source;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The new checkpoint's folder.")
  private Path output;

  @Override
  public Integer call() {
    if (!Files.isDirectory(source)) {
      throw new NotFoundException("no folder " + source);
    }
    long parameters = ModelImport.run(source, output);
    System.err.printf(Locale.ROOT, "%,d parameters%n", parameters);
    System.out.println(output);
    return ExitCode.DONE;
  }
}
