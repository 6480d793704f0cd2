package dev.pawl.model.dataset.preprocess;

import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Preprocessing, from JSON lines to forced files, against the Hugging Face library alone encoding
 * the same texts in batches; interleaved, medians. Not a test: run its {@code main} with
 *
 * <pre>CORPUS.jsonl tokenizer.json PYTHON THREADS ROUNDS [MEGATRON]</pre>
 *
 * where PYTHON is an interpreter that has the package {@code tokenizers}. With the folder of a
 * Megatron checkout the opponent is its preprocess_data instead, with as many workers, in turn with
 * ours after one run that shows that both write the same bytes. Its start, which is a run on the
 * first line alone, is told apart and taken off; so is the loading of the tokenizer, for ours.
 */
public final class PreprocessBench {
  private static final String PYTHON =
      """
      import json, sys, time
      from tokenizers import Tokenizer
      tokenizer = Tokenizer.from_file(sys.argv[2])
      texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
      print(sum(len(text.encode()) for text in texts), flush=True)
      for line in sys.stdin:
          start = time.perf_counter()
          for at in range(0, len(texts), 1000):
              tokenizer.encode_batch(texts[at:at + 1000], add_special_tokens=False)
          print(time.perf_counter() - start, flush=True)
      """;

  private PreprocessBench() {}

  /** Prints MB of text a second for each way. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path corpus = Path.of(arguments[0]);
    Path file = Path.of(arguments[1]);
    int threads = Integer.parseInt(arguments[3]);
    int rounds = Integer.parseInt(arguments[4]);
    Path folder = Files.createTempDirectory("preprocess-bench");
    if (arguments.length > 5) {
      Path checkout = Path.of(arguments[5]);
      MegatronProgram program = new MegatronProgram(arguments[2], checkout, file, folder, threads);
      againstMegatron(program, corpus, file, folder, threads, rounds);
      return;
    }
    ProcessBuilder builder =
        new ProcessBuilder(arguments[2], "-c", PYTHON, corpus.toString(), file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("RAYON_NUM_THREADS", Integer.toString(threads));
    builder.environment().put("TOKENIZERS_PARALLELISM", "true");
    Process python = builder.start();
    List<Double> here = new ArrayList<>();
    List<Double> throughLibrary = new ArrayList<>();
    List<Double> library = new ArrayList<>();
    double megabytes;
    try (BufferedReader answers =
            new BufferedReader(
                new InputStreamReader(python.getInputStream(), StandardCharsets.UTF_8));
        OutputStream orders = python.getOutputStream();
        Tokenizer fast = Tokenizers.huggingFace(file);
        Tokenizer slow = Tokenizers.huggingFaceLibrary(file)) {
      megabytes = Long.parseLong(answers.readLine()) / 1e6;
      for (int round = 0; round < rounds; round++) {
        here.add(megabytes / seconds(corpus, folder, fast, threads, true));
        orders.write('\n');
        orders.flush();
        library.add(megabytes / Double.parseDouble(answers.readLine()));
        throughLibrary.add(megabytes / seconds(corpus, folder, slow, threads, true));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%.1f MB of text, %d threads, medians of %d rounds%n",
        megabytes,
        threads,
        rounds);
    print("preprocess, pairs merged here", here);
    print("preprocess, every text by the library", throughLibrary);
    print("tokenizers.encode_batch alone (Python)", library);
    System.out.printf(
        Locale.ROOT, "preprocess / encode_batch: %.2f%n", median(here) / median(library));
  }

  private static void againstMegatron(
      MegatronProgram program, Path corpus, Path file, Path folder, int threads, int rounds)
      throws IOException, InterruptedException {
    double megabytes = Files.size(corpus) / 1e6;
    Path line = folder.resolve("line.jsonl");
    try (Stream<String> lines = Files.lines(corpus)) {
      Files.writeString(line, lines.findFirst().orElseThrow() + "\n");
    }
    program.seconds(line);
    List<Double> here = new ArrayList<>();
    List<Double> there = new ArrayList<>();
    List<Double> started = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    List<Double> wholeRatios = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizers.huggingFace(file)) {
      for (int round = -1; round < rounds; round++) {
        double start = program.seconds(line);
        double theirs = program.seconds(corpus);
        // Without end-of-document tokens: with them its index is known to be wrong.
        double ours = seconds(corpus, folder, tokenizer, threads, false);
        if (round < 0) {
          same(folder.resolve("out_text_document"), program.output());
          continue;
        }
        here.add(megabytes / ours);
        there.add(megabytes / (theirs - start));
        started.add(start);
        ratios.add((theirs - start) / ours);
        wholeRatios.add(theirs / ours);
        System.out.printf(
            Locale.ROOT, "ours %.1f s, theirs %.1f s, their start %.1f s%n", ours, theirs, start);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%.1f MB of JSON lines, %d workers, medians of %d rounds; bin and idx are the same bytes%n",
        megabytes,
        threads,
        rounds);
    print("preprocess", here);
    print("preprocess_data, its start taken off", there);
    System.out.printf(
        Locale.ROOT,
        "its start %.2f s; times as fast: %.2f (%.2f to %.2f), with its start %.2f%n",
        median(started),
        median(ratios),
        Collections.min(ratios),
        Collections.max(ratios),
        median(wholeRatios));
  }

  private static void same(Path ours, Path theirs) throws IOException {
    for (String ending : List.of(".bin", ".idx")) {
      long differs = Files.mismatch(Path.of(ours + ending), Path.of(theirs + ending));
      if (differs >= 0) {
        throw new IOException("the %s files differ from byte %d on".formatted(ending, differs));
      }
    }
  }

  private static double seconds(
      Path corpus, Path folder, Tokenizer tokenizer, int threads, boolean endOfDocument) {
    PreprocessRequest request =
        new PreprocessRequest(
            List.of(corpus),
            RecordFormat.MEGATRON_LINES,
            folder.resolve("out"),
            List.of("text"),
            endOfDocument,
            Optional.empty(),
            Optional.empty(),
            threads,
            OnBadRecord.FAIL,
            true,
            PreprocessRequest.PARTITION_BYTES);
    long start = System.nanoTime();
    Preprocessor.run(request, tokenizer, PreprocessListener.SILENT);
    return (System.nanoTime() - start) / 1e9;
  }

  private static void print(String what, List<Double> rates) {
    System.out.printf(
        Locale.ROOT,
        "%-40s %7.2f MB/s (%.2f to %.2f)%n",
        what,
        median(rates),
        Collections.min(rates),
        Collections.max(rates));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
