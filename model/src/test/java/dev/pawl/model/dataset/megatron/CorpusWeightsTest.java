package dev.pawl.model.dataset.megatron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.config.WeightedPrefix;
import dev.pawl.model.dataset.IndexedDatasetWriter;
import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of corpora by hand (megatron.md 3.2), and lists that move with their folder. */
class CorpusWeightsTest {
  @TempDir private Path temporary = Path.of("");
  private Path root = Path.of("");

  @BeforeEach
  void write() throws IOException {
    root = Files.createDirectory(temporary.resolve("root"));
    // A folder whose name holds that of another corpus must not matter.
    dataset("wiki/books-1_text_document", 300);
    dataset("wiki/books-2_text_document", 100);
    dataset("wiki-1_text_document", 50);
    dataset("cc_en_head-0001", 20, 30);
    dataset("cc_en_tail", 50);
  }

  @Test
  void aFileCountsItsTokensTimesTheEpochsOfItsCorpus() throws IOException {
    // 0.5 * 100 + 2 * 50 + 0.25 * 400 = 250
    CorpusWeights weights =
        CorpusWeights.of(CorpusFile.below(root), Map.of("cc_en", 0.5, "wiki", 2.0, "books", 0.25));
    assertEquals(
        """
        0.1 cc_en_head-0001 cc_en
        0.1 cc_en_tail cc_en
        0.4 wiki-1_text_document wiki
        0.3 wiki/books-1_text_document books
        0.1 wiki/books-2_text_document books
        """,
        weights.fileList(root));
    assertEquals(
        List.of(
            new CorpusWeights.Corpus("cc_en", 2, 3, 100, 0.5, 0.2),
            new CorpusWeights.Corpus("wiki", 1, 1, 50, 2, 0.4),
            new CorpusWeights.Corpus("books", 2, 2, 400, 0.25, 0.4)),
        weights.corpora());
  }

  @Test
  void withoutEpochsEachTokenCountsOnce() throws IOException {
    CorpusWeights weights = CorpusWeights.of(CorpusFile.below(root), Map.of());
    assertEquals(
        List.of(50 / 550.0, 50 / 550.0, 50 / 550.0, 300 / 550.0, 100 / 550.0),
        weights.datasets().stream().map(WeightedPrefix::weight).toList());
  }

  @Test
  void aListIsReadWhereverItsFolderIsMoved() throws IOException {
    CorpusWeights weights = CorpusWeights.of(CorpusFile.below(root), Map.of());
    weights.write(root.resolve("list.txt"));
    assertEquals(weights.datasets(), WeightedPrefix.readList(root.resolve("list.txt")));
    Path moved = Files.move(root, temporary.resolve("elsewhere"));
    assertEquals(
        CorpusWeights.of(CorpusFile.below(moved), Map.of()).datasets(),
        WeightedPrefix.readList(moved.resolve("list.txt")));
  }

  @Test
  void aListOutsideHasAbsolutePrefixes() throws IOException {
    CorpusWeights weights = CorpusWeights.of(CorpusFile.below(root), Map.of());
    Path list = Files.createDirectory(temporary.resolve("lists")).resolve("list.txt");
    weights.write(list);
    assertTrue(Files.readString(list).contains(" " + root.resolve("cc_en_tail") + " "));
    assertEquals(weights.datasets(), WeightedPrefix.readList(list));
  }

  @Test
  void anotherListIsNotOverwritten() throws IOException {
    CorpusWeights weights = CorpusWeights.of(CorpusFile.below(root), Map.of());
    Path list = temporary.resolve("list.txt");
    weights.write(list);
    weights.write(list);
    Files.writeString(list, "mine");
    BusyException refused = assertThrows(BusyException.class, () -> weights.write(list));
    assertTrue(refused.getMessage().contains("says something else"), refused.getMessage());
    assertEquals("mine", Files.readString(list));
  }

  @Test
  void metadataIsAnArray() throws IOException {
    Path file = temporary.resolve("metadata.json");
    CorpusWeights.of(CorpusFile.below(root), Map.of()).writeMetadata(file);
    JsonNode first = new ObjectMapper().readTree(file.toFile()).get(0);
    assertEquals(root.resolve("cc_en_head-0001").toString(), first.get("data_prefix").asText());
    assertEquals(2, first.get("total_num_docs").asLong());
    assertEquals(50, first.get("total_num_tokens").asLong());
  }

  @Test
  void aListWithoutItsDatasetsIsRelativeToTheWorkingFolder() throws IOException {
    Path list = temporary.resolve("list.txt");
    Files.writeString(list, "1 data/a-1 a\n");
    assertEquals(List.of(new WeightedPrefix(1, "data/a-1", "a")), WeightedPrefix.readList(list));
  }

  @Test
  void namesNeedNoDash() {
    assertEquals("wiki", CorpusFile.corpus("wiki-0001-of-0002"));
    assertEquals("wiki_text_document", CorpusFile.corpus("wiki_text_document"));
    assertEquals("-odd", CorpusFile.corpus("-odd"));
    assertEquals("cc_news", CorpusFile.corpus("cc_news_middle-3"));
  }

  @Test
  void epochsThatDoNotFitAreRefused() throws IOException {
    List<CorpusFile> files = CorpusFile.below(root);
    refused("not for the corpus cc_en", files, Map.of("wiki", 1.0, "books", 1.0));
    refused("the corpus book; the corpora are [books, cc_en, wiki]", files, Map.of("book", 1.0));
    refused("-1.0 epochs of wiki", files, Map.of("wiki", -1.0, "books", 1.0, "cc_en", 1.0));
    refused("nothing would be read", files, Map.of("wiki", 0.0, "books", 0.0, "cc_en", 0.0));
  }

  @Test
  void foldersThatDoNotDoAreRefused() throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    refused("no dataset lies below", () -> CorpusFile.below(empty));
    refused("is no folder", () -> CorpusFile.below(empty.resolve("none")));
    Files.copy(root.resolve("cc_en_tail.idx"), empty.resolve("a.bin.idx"));
    refused("a.bin.idx has two endings", () -> CorpusFile.below(empty));
    Files.delete(empty.resolve("a.bin.idx"));
    Files.copy(root.resolve("cc_en_tail.idx"), empty.resolve("a b.idx"));
    refused("a b.idx has a space", () -> CorpusFile.below(empty));
    Files.move(empty.resolve("a b.idx"), empty.resolve("ab.idx"));
    refused("ab.bin is missing", () -> CorpusFile.below(empty));
  }

  private void dataset(String name, int... lengths) throws IOException {
    Path prefix = root.resolve(name);
    Files.createDirectories(prefix.resolveSibling(""));
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(prefix, 30_000)) {
      for (int length : lengths) {
        writer.document(new int[length]);
      }
      writer.finish();
    }
  }

  private static void refused(String part, List<CorpusFile> files, Map<String, Double> epochs) {
    PawlException refused =
        assertThrows(PawlException.class, () -> CorpusWeights.of(files, epochs));
    assertEquals(FailureCause.CONFIG, refused.failureCause());
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }

  private static void refused(String part, org.junit.jupiter.api.function.Executable call) {
    PawlException refused = assertThrows(PawlException.class, call);
    assertEquals(FailureCause.DATA, refused.failureCause());
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }
}
