package dev.pawl.model.measurement;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.generation.GenerationSettings;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.generation.SequenceGenerator;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Greedy decoding in turn with another program's, {@code MODEL PYTHON THREADS PROMPT NEW ROUNDS
 * BATCH...}: where MODEL is {@code vanilla}, vanilla_31 as in the paper beside transformers'
 * generate; where it is a folder with the original Block Transformer's sources, block_main_b4_5
 * beside theirs. Prints the median of each and their ratio.
 */
final class GenerationSpeedBench {
  private GenerationSpeedBench() {}

  public static void main(String[] arguments) throws Exception {
    boolean vanilla = arguments[0].equals("vanilla");
    int threads = Integer.parseInt(arguments[2]);
    int prompt = Integer.parseInt(arguments[3]);
    int tokens = Integer.parseInt(arguments[4]);
    int rounds = Integer.parseInt(arguments[5]);
    Torch.start(threads);
    Architecture architecture = Architecture.of(vanilla ? vanilla31() : block5());
    Path script = Files.createTempFile("generate", ".py");
    try (InputStream in =
        GenerationSpeedBench.class.getResourceAsStream(
            vanilla ? "transformers_generate.py" : "original_generate.py")) {
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
    }
    Process python =
        new ProcessBuilder(arguments[1], script.toString(), arguments[2], arguments[0])
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (TensorScope scope = Torch.scope();
        BufferedReader from = python.inputReader(StandardCharsets.UTF_8);
        BufferedWriter to = python.outputWriter(StandardCharsets.UTF_8)) {
      var weights = Weights.initial(scope, architecture, 42);
      while (!"ready".equals(from.readLine())) {
        if (!python.isAlive()) {
          throw new IOException("python ended");
        }
      }
      System.out.println("precision batch ours_tok/s theirs_tok/s ratio load");
      for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
        String name = precision.name().toLowerCase(Locale.ROOT);
        try (LanguageModel model = new LanguageModel(architecture, weights, precision)) {
          for (int i = 6; i < arguments.length; i++) {
            int batch = Integer.parseInt(arguments[i]);
            List<Double> ours = new ArrayList<>();
            List<Double> theirs = new ArrayList<>();
            for (int round = 0; round <= rounds; round++) {
              double mine = ours(model, batch, prompt, tokens);
              to.write("%s %d %d %d%n".formatted(name, batch, prompt, tokens));
              to.flush();
              double other = Double.parseDouble(from.readLine());
              if (round > 0) {
                ours.add(mine);
                theirs.add(other);
              }
            }
            double rate = 1000.0 * batch * tokens;
            System.out.printf(
                Locale.ROOT,
                "%s %d %.1f %.1f %.2f %.1f%n",
                name,
                batch,
                rate / median(ours),
                rate / median(theirs),
                median(theirs) / median(ours),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
          }
        }
      }
    } finally {
      python.destroy();
      Files.deleteIfExists(script);
    }
  }

  // The paper's shape, 30 million parameters; the preset's MLP is four times as wide.
  private static ModelConfig vanilla31() {
    return new VanillaConfig(50304, DecoderConfig.of(6, 256, 8));
  }

  private static ModelConfig block5() {
    DecoderConfig stack = DecoderConfig.of(3, 256, 8);
    return new BlockConfig(
        50304,
        4,
        EmbedderConfig.lookup(64),
        BlockDecoderConfig.of(stack),
        TokenDecoderConfig.prefix(2, stack));
  }

  private static double ours(LanguageModel model, int batch, int prompt, int tokens) {
    SplittableRandom random = new SplittableRandom(1);
    List<long[]> prompts = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      prompts.add(random.longs(prompt, 0, 50304).toArray());
    }
    long start = System.nanoTime();
    new SequenceGenerator(model, GenerationSettings.greedy()).generate(prompts, tokens);
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
