package dev.pawl.model.dataset.preprocess;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The preprocess_data program of a Megatron checkout, with its HFTokenizer on a tokenizer file.
 * Each run is a process of its own, as users run it.
 */
final class MegatronProgram {
  private final String python;
  private final Path checkout;
  private final Path tokenizer;
  private final Path folder;
  private final int workers;

  /**
   * The program.
   *
   * @param python an interpreter that has what the checkout imports
   * @param file a tokenizer.json
   * @param folder for outputs
   */
  MegatronProgram(String python, Path checkout, Path file, Path folder, int workers)
      throws IOException {
    this.python = python;
    this.checkout = checkout;
    this.folder = folder;
    this.workers = workers;
    // It loads tokenizers by folder, and the slow kind unless the folder names a fast one.
    tokenizer = Files.createDirectories(folder.resolve("tokenizer"));
    Files.copy(file, tokenizer.resolve("tokenizer.json"));
    Files.writeString(
        tokenizer.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"GPTNeoXTokenizerFast\"}");
  }

  /** Prefix of the files that a run leaves. */
  Path output() {
    return folder.resolve("megatron_text_document");
  }

  /** Seconds that a run takes, start of the interpreter included. */
  double seconds(Path corpus) throws IOException, InterruptedException {
    Files.deleteIfExists(Path.of(output() + ".bin"));
    Files.deleteIfExists(Path.of(output() + ".idx"));
    Path log = folder.resolve("megatron.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    python,
                    "tools/preprocess_data.py",
                    "--input=" + corpus.toAbsolutePath(),
                    "--output-prefix=" + folder.resolve("megatron"),
                    "--tokenizer-type=HFTokenizer",
                    "--tokenizer-model=" + tokenizer,
                    // Only a length above which the tokenizer warns; nothing is cut.
                    "--seq-length=1000000000",
                    "--log-interval=100000000",
                    "--workers=" + workers))
            .directory(checkout.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // One thread in each worker: they share the processors.
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("RAYON_NUM_THREADS", "1");
    long start = System.nanoTime();
    Process process = builder.start();
    boolean done = process.waitFor(30, TimeUnit.MINUTES);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!done || process.exitValue() != 0 || !Files.exists(Path.of(output() + ".idx"))) {
      process.destroyForcibly();
      throw new IOException(
          "preprocess_data failed:\n" + Files.readString(log, StandardCharsets.UTF_8));
    }
    return seconds;
  }
}
