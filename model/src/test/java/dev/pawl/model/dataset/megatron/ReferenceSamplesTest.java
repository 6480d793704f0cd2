package dev.pawl.model.dataset.megatron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.model.dataset.PythonRandom;
import dev.pawl.model.dataset.RandomState;
import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.failure.PawlException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random inputs against digests of what Megatron-DeepSpeed makes of them: its compiled helpers for
 * mappings and blends, its Python functions for samples. Line s of a file belongs to the input that
 * RandomState(s) draws.
 */
class ReferenceSamplesTest {
  private static final double[] SHARES = {.15, .3, .02, .5};
  private static final int DECODER = 96;

  @TempDir private Path folder = Path.of("");

  /** What is made of the input of a seed. */
  @FunctionalInterface
  private interface Case {
    String digest(RandomState random, int seed) throws IOException;
  }

  @Test
  void mappingsAreTheCompiledHelpers() throws IOException {
    compare("mapping", (random, seed) -> mapping(random));
  }

  @Test
  void bertSamplesAreThePythonOnes() throws IOException {
    compare("bert", (random, seed) -> bert(random));
  }

  @Test
  void t5SamplesAreThePythonOnes() throws IOException {
    compare("t5", (random, seed) -> t5(random));
  }

  @Test
  void blendsAreTheCompiledHelpers() throws IOException {
    compare("blend", this::blend);
  }

  @Test
  void blocksAreTheCompiledHelpers() throws IOException {
    compare("block", (random, seed) -> block(random));
  }

  @Test
  void clozesAreThePythonOnes() throws IOException {
    compare("cloze", (random, seed) -> cloze(random));
  }

  private static void compare(String name, Case made) throws IOException {
    List<String> expected = lines(name);
    assertEquals(100, expected.size());
    for (int seed = 0; seed < expected.size(); seed++) {
      assertEquals(expected.get(seed), made.digest(new RandomState(seed), seed), name + " " + seed);
    }
  }

  private String mapping(RandomState random) throws IOException {
    int documents = draw(random, 1, 8);
    int[] starts = new int[documents + 1];
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      int count = draw(random, 0, 7);
      for (int k = 0; k < count; k++) {
        lengths.add(draw(random, 0, 40) == 0 ? 600 : draw(random, 0, 40));
      }
      starts[i + 1] = lengths.size();
    }
    int longest = draw(random, 2, 60);
    double probability = new double[] {0, 0.1, 0.5, 1.0, 0.03}[draw(random, 0, 5)];
    int seed = draw(random, 0, Integer.MAX_VALUE);
    int minSentences = draw(random, 1, 3);
    int epochs = draw(random, 0, 4);
    int samples = draw(random, 0, 60);
    MappingRequest request =
        new MappingRequest(
            epochs, epochs + samples == 0 ? 1 : samples, longest, probability, seed, minSentences);
    CountedSentences source =
        CountedSentences.of(starts, lengths.stream().mapToInt(Integer::intValue).toArray());
    SentenceMapping mapping;
    try {
      mapping = SentenceMapping.open(source, 0, documents, request, new IndexCache(folder));
    } catch (PawlException e) {
      return e.getMessage().contains("give no sample") ? "none" : e.getMessage();
    }
    IntDigest digest = new IntDigest();
    for (int i = 0; i < mapping.samples(); i++) {
      digest.add(mapping.first(i));
      digest.add(mapping.end(i));
      digest.add(mapping.target(i));
    }
    return shortened(digest);
  }

  private static String bert(RandomState random) {
    List<String> pieces = pieces(draw(random, 5, 40), draw(random, 0, 15));
    int count = draw(random, 1, 7);
    boolean binaryHead = draw(random, 0, 2) == 1;
    List<int[]> sentences =
        sentences(random, binaryHead ? Math.max(count, 2) : count, pieces.size());
    int length = draw(random, 8, 80);
    int target = draw(random, 2, length - 2);
    double share = SHARES[draw(random, 0, SHARES.length)];
    long state = random.randint(0, 1L << 32);
    BertExample example =
        new BertExampleBuilder(PieceVocabulary.of(pieces), length, share, binaryHead)
            .build(sentences, target, new RandomState(state));
    IntDigest digest = new IntDigest();
    add(digest, example.text(), example.types(), example.labels(), example.lossMask());
    add(digest, example.paddingMask());
    digest.add(example.isRandom() ? 1 : 0);
    digest.add(example.truncated() ? 1 : 0);
    return shortened(digest);
  }

  private static String t5(RandomState random) {
    List<String> pieces = pieces(draw(random, 5, 40), draw(random, 0, 15));
    List<int[]> sentences = sentences(random, draw(random, 1, 7), pieces.size());
    int length = draw(random, 8, 80);
    int target = draw(random, 2, length - 1);
    double share = SHARES[draw(random, 0, SHARES.length)];
    long state = random.randint(0, 1L << 32);
    T5Example example =
        new T5ExampleBuilder(PieceVocabulary.bert(pieces, 100), length, DECODER, share)
            .build(sentences, target, new RandomState(state));
    IntDigest digest = new IntDigest();
    add(digest, example.encoderText(), example.decoderText(), example.labels());
    add(digest, example.lossMask());
    add(digest, example.encoderMask());
    add(digest, example.decoderMask());
    add(digest, example.crossMask());
    digest.add(example.truncated() ? 1 : 0);
    return shortened(digest);
  }

  private String blend(RandomState random, int seed) throws IOException {
    double[] weights = new double[draw(random, 1, seed % 10 == 0 ? 254 : 20)];
    Arrays.setAll(weights, i -> random.nextDouble());
    int size = draw(random, 1, 3000);
    List<Endless> datasets = Arrays.stream(weights).mapToObj(weight -> new Endless()).toList();
    BlendedDataset blend = BlendedDataset.open(datasets, weights, size, new IndexCache(folder));
    IntDigest digest = new IntDigest();
    IntStream.range(0, size).forEach(k -> digest.add(blend.dataset(k)));
    IntStream.range(0, size).forEach(k -> digest.add((int) blend.sampleOfDataset(k)));
    return shortened(digest);
  }

  private String block(RandomState random) throws IOException {
    int documents = draw(random, 1, 8);
    int[] starts = new int[documents + 1];
    int[] titles = new int[documents];
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      int count = draw(random, 0, 7);
      for (int k = 0; k < count; k++) {
        lengths.add(draw(random, 0, 40) == 0 ? 600 : draw(random, 0, 40));
      }
      starts[i + 1] = lengths.size();
      titles[i] = draw(random, 0, 6);
    }
    int longest = draw(random, 8, 60);
    int seed = draw(random, 0, Integer.MAX_VALUE);
    int minSentences = draw(random, 1, 3);
    int epochs = draw(random, 0, 4);
    int samples = draw(random, 0, 60);
    MappingRequest request =
        new MappingRequest(
            epochs, epochs + samples == 0 ? 1 : samples, longest, 0, seed, minSentences);
    CountedSentences source =
        CountedSentences.of(starts, lengths.stream().mapToInt(Integer::intValue).toArray());
    BlockMapping mapping;
    try {
      mapping =
          BlockMapping.open(
              source, new CountedTokens(titles), 0, documents, request, new IndexCache(folder));
    } catch (PawlException e) {
      return e.getMessage().contains("give no block") ? "none" : e.getMessage();
    }
    IntDigest digest = new IntDigest();
    for (int i = 0; i < mapping.samples(); i++) {
      digest.add(mapping.first(i));
      digest.add(mapping.end(i));
      digest.add(mapping.document(i));
      digest.add(mapping.block(i));
    }
    return shortened(digest);
  }

  private static String cloze(RandomState random) {
    List<String> pieces = pieces(10, 0);
    List<int[]> block = sentences(random, draw(random, 1, 7), pieces.size());
    int[] title = new int[draw(random, 0, 5)];
    Arrays.setAll(title, i -> draw(random, 2, pieces.size()));
    int length = draw(random, 8, 80);
    double share = new double[] {.1, .5, 1.0}[draw(random, 0, 3)];
    PythonRandom python = new PythonRandom(random.randint(0, 1L << 40));
    InverseClozeExample example =
        new InverseClozeBuilder(PieceVocabulary.of(pieces), length, share)
            .build(block, title, python);
    IntDigest digest = new IntDigest();
    add(digest, example.query(), example.queryMask(), example.context(), example.contextMask());
    return shortened(digest);
  }

  private static List<String> pieces(int words, int continuations) {
    List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    IntStream.range(0, words).forEach(i -> pieces.add("w" + i));
    IntStream.range(0, continuations).forEach(i -> pieces.add("##" + i));
    return pieces;
  }

  private static List<int[]> sentences(RandomState random, int count, int vocabulary) {
    List<int[]> sentences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] ids = new int[draw(random, 1, 20)];
      Arrays.setAll(ids, k -> draw(random, 2, vocabulary));
      sentences.add(ids);
    }
    return sentences;
  }

  private static int draw(RandomState random, int low, int high) {
    return (int) random.randint(low, high);
  }

  private static void add(IntDigest digest, int[]... arrays) {
    for (int[] array : arrays) {
      for (int value : array) {
        digest.add(value);
      }
    }
  }

  private static String shortened(IntDigest digest) {
    return digest.hex().substring(0, 16);
  }

  private static List<String> lines(String name) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    ReferenceSamplesTest.class.getResourceAsStream("reference/" + name + ".txt")),
                StandardCharsets.US_ASCII))) {
      return reader.lines().toList();
    }
  }

  /** Samples without end. */
  private record Endless() implements TokenSamples {
    @Override
    public long samples() {
      return Long.MAX_VALUE;
    }

    @Override
    public int length() {
      return 1;
    }

    @Override
    public TokenType bufferType() {
      return TokenType.INT32;
    }

    @Override
    public void read(long index, TokenBuffer ids, int at, int count) {
      ids.put(at, (int) index);
    }
  }
}
