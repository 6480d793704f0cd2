package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.dataset.IndexedDatasetWriter;
import dev.pawl.model.dataset.OutputLock;
import dev.pawl.model.dataset.ShardManifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on data at rest as a user types them: results on stdout, talk on stderr. */
class DataCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final PrintStream stdout = System.out;
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path a;

  @BeforeEach
  void redirect() throws IOException {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    a = folder.resolve("a");
    dataset(a, new int[] {11, 12, 13, 50256}, new int[] {}, new int[] {7, 50256});
  }

  @AfterEach
  void restore() {
    System.setOut(stdout);
    System.setErr(stderr);
  }

  @Test
  void datasetIsShardedAndComesBackWhole() throws IOException {
    Path shards = Files.createDirectory(folder.resolve("shards"));
    byte[] bin = Files.readAllBytes(folder.resolve("a.bin"));
    for (int i = 0; i < 3; i++) {
      Files.write(
          shards.resolve("a-%05d-of-00002.bin".formatted(i)),
          Arrays.copyOfRange(bin, 5 * i, Math.min(bin.length, 5 * i + 5)));
    }
    Files.copy(folder.resolve("a.idx"), shards.resolve("a.idx"));
    Path manifest = shards.resolve("sums.txt");
    ShardManifest digests = ShardManifest.ofFolder(shards);
    digests.write(manifest);

    assertEquals(0, pawl("data", "checksum", shards, "--manifest", manifest, "-o", "json"));
    assertEquals(4, json().get("files").asInt());
    assertEquals(0, json().get("problems").size());
    Path first = shards.resolve("a-00000-of-00002.bin");
    Path output = folder.resolve("out");
    assertEquals(
        0,
        pawl(
            "data",
            "unshard",
            "--input",
            first,
            "--num-shards",
            3,
            "--output",
            output,
            "--manifest",
            manifest,
            "-o",
            "json"));
    assertEquals(3, json().get("shards").asInt());
    assertEquals(-1, Files.mismatch(folder.resolve("a.bin"), output.resolve("a.bin")));
    assertEquals(-1, Files.mismatch(folder.resolve("a.idx"), output.resolve("a.idx")));
    String sha256 = json().get("sha256").asText();

    assertEquals(4, pawl("data", "unshard", "--input", shards, "--output", output));
    assertTrue(err().contains("a.bin exists"), err());
    assertEquals(
        0, pawl("data", "unshard", "--input", shards, "--output", output, "--sha256", sha256));
    assertEquals(
        2, pawl("data", "unshard", "--input", shards, "--output", output, "--sha256", "12"));
    assertEquals(
        1,
        pawl(
            "data",
            "unshard",
            "--input",
            shards,
            "--output",
            folder.resolve("pile"),
            "--manifest",
            "pythia-deduped"));
    assertTrue(err().contains("the manifest does not name it"), err());
  }

  @Test
  void checksumListsEveryProblemAndExitsWithOne() throws IOException {
    Path files = Files.createDirectory(folder.resolve("files"));
    for (String name : new String[] {"x", "y", "z"}) {
      Files.writeString(files.resolve(name), name);
    }
    Path manifest = folder.resolve("manifest");
    ShardManifest.ofFolder(files).write(manifest);
    Files.writeString(files.resolve("x"), "changed");
    Files.delete(files.resolve("y"));
    Files.writeString(files.resolve("w"), "");
    assertEquals(
        1, pawl("data", "checksum", files, "--manifest", manifest, "--jobs", 2, "-o", "json"));
    JsonNode problems = json().get("problems");
    assertEquals(3, problems.size());
    assertEquals("mismatch", problems.get(0).get("problem").asText());
    assertEquals("missing", problems.get(1).get("problem").asText());
    assertEquals("extra", problems.get(2).get("problem").asText());
    Files.writeString(files.resolve("x"), "x");
    Files.writeString(files.resolve("y"), "y");
    Files.delete(files.resolve("w"));
    assertEquals(0, pawl("data", "checksum", files, "--manifest", manifest, "-o", "json"));
    assertEquals(1, json().get("reused").asInt());
    assertEquals(3, pawl("data", "checksum", folder.resolve("none"), "--manifest", manifest));
    assertEquals(2, pawl("data", "checksum", files, "--manifest", "pythia-dedupd"));
    assertTrue(err().contains("no manifest 'pythia-dedupd'"), err());
  }

  @Test
  void datasetsAreMergedInspectedAndMended() throws IOException {
    Path b = folder.resolve("b");
    dataset(b, new int[] {5, 6});
    Path merged = folder.resolve("ab");
    assertEquals(
        0, pawl("data", "merge", "--input", a, b, "--output-prefix", merged, "-o", "json"));
    assertEquals(4, json().get("documents").asInt());
    assertEquals(4, pawl("data", "merge", "--input", a, "--output-prefix", merged));
    try (OutputLock held = OutputLock.take(folder.resolve("other"))) {
      held.requireHeld();
      assertEquals(
          4, pawl("data", "merge", "--input", a, "--output-prefix", folder.resolve("other")));
    }
    assertEquals(0, pawl("data", "inspect", merged + ".bin", "-o", "json"));
    assertEquals("SOUND", json().get("status").asText());
    assertEquals(8, json().get("tokens").asInt());
    assertEquals(50256, json().get("max_token").asInt());
    assertEquals(0, pawl("data", "inspect", merged, "--validate"));
    assertTrue(out().contains("uint16") && out().contains("bin_sha256"), out());
    assertEquals(0, pawl("data", "inspect", merged, "-o", "csv"));
    assertTrue(out().lines().allMatch(line -> line.matches("[^,]+,(\".*\"|[^,]*)")), out());
    assertTrue(out().contains("\nsequences_of_"), out());

    // The token file of documents with end-of-text and the lengths without it.
    Path bad = folder.resolve("bad");
    dataset(bad, new int[] {11, 12, 13}, new int[] {}, new int[] {7});
    Files.copy(
        folder.resolve("a.bin"),
        folder.resolve("bad.bin"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(1, pawl("data", "inspect", bad, "-o", "json"));
    assertEquals("EOD_LENGTH_DEFECT", json().get("status").asText());
    assertEquals(1, pawl("data", "repair", bad, "--eod", 1));
    assertTrue(err().contains("nothing was changed"), err());
    assertEquals(0, pawl("data", "repair", bad));
    assertEquals(-1, Files.mismatch(folder.resolve("a.idx"), folder.resolve("bad.idx")));
    assertEquals(3, pawl("data", "inspect", folder.resolve("none")));
    assertEquals(2, pawl("data", "merge", "--output-prefix", merged));
    try (IndexedDataset sound = IndexedDataset.open(bad)) {
      assertEquals(6, sound.tokens());
    }
    assertFalse(Files.exists(folder.resolve("bad.lock")));
  }

  @Test
  void datasetsAreWeighed() throws IOException {
    Path list = folder.resolve("list.txt");
    dataset(folder.resolve("b-1"), new int[] {5, 6});
    assertEquals(
        0,
        pawl(
            "data",
            "weights",
            "--input-dir",
            folder,
            "--epochs",
            "a=0.5,b=3",
            "--output",
            list,
            "--metadata",
            folder.resolve("meta.json"),
            "-o",
            "json"));
    assertEquals("b", json().get(1).get("corpus").asText());
    assertEquals(2, json().get(1).get("tokens").asInt());
    // 0.5 * 6 and 3 * 2 tokens.
    assertEquals(3.0 / 9 + " a a\n" + 6.0 / 9 + " b-1 b\n", Files.readString(list));
    assertEquals(2, JSON.readTree(folder.resolve("meta.json").toFile()).size());
    assertEquals(4, pawl("data", "weights", "--input-dir", folder, "--output", list));
    assertTrue(err().contains("says something else"), err());
    Path other = folder.resolve("other.txt");
    assertEquals(
        2, pawl("data", "weights", "--input-dir", folder, "--epochs", "a=1", "--output", other));
    assertTrue(err().contains("not for the corpus b"), err());
    Path none = folder.resolve("none");
    assertEquals(3, pawl("data", "weights", "--input-dir", none, "--output", other));
    assertFalse(Files.exists(other));
  }

  @Test
  void inspectShowsTheTextOfTokens() throws IOException {
    String data = System.getenv("PAWL_TEST_DATA");
    assumeTrue(
        data != null && !data.isBlank(),
        "skipped: PAWL_TEST_DATA names no folder with a tokenizer");
    Path tokenizer = Path.of(data, "gpt-neox-20b-tokenizer.json");
    Path text = folder.resolve("text");
    dataset(text, new int[] {12092, 1533, 2, 831, 310, 15204, 4480, 19946, 15});
    assertEquals(0, pawl("data", "inspect", text, "--tokenizer", tokenizer, "-o", "json"));
    assertEquals("Hello world! This is Block Transformer.", json().get("sample_text").asText());
    // The vocabulary ends at 50276.
    dataset(text, new int[] {12092, 50256}, new int[] {50280});
    assertEquals(1, pawl("data", "inspect", text, "--tokenizer", tokenizer));
    assertTrue(
        err().contains("1 token ids outside the vocabulary of 50277, the first: token 2 is 50280"),
        err());
  }

  private static void dataset(Path prefix, int[]... documents) throws IOException {
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(prefix, 50300)) {
      for (int[] document : documents) {
        writer.document(document);
      }
      writer.finish();
    }
  }

  private int pawl(Object... arguments) {
    out.reset();
    err.reset();
    return Pawl.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private JsonNode json() throws IOException {
    return JSON.readTree(out());
  }
}
