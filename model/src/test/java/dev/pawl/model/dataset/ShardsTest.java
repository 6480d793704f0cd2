package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardsTest {
  @TempDir Path folder;
  private ShardManifest manifest;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("a-00000"), "hello ");
    Files.writeString(folder.resolve("a-00001"), "world");
    manifest = ShardManifest.ofFolder(folder);
    manifest.write(folder.resolve(ShardManifest.FILE_NAME));
  }

  @Test
  void wholeShardsAreJoinedInNameOrder() throws IOException {
    ShardManifest read = ShardManifest.read(folder.resolve(ShardManifest.FILE_NAME));
    assertEquals(List.of(), ShardFolder.verify(folder, read, bytes -> {}).problems());
    Path whole = folder.resolve("whole");
    FileDigest digest = Unsharder.unshard(folder, read, whole, bytes -> {});
    assertEquals("hello world", Files.readString(whole));
    assertEquals(
        new FileDigest(11, "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"),
        digest);
  }

  @Test
  void truncatedMissingAndExtraShardsAreAllListed() throws IOException {
    Files.writeString(folder.resolve("a-00000"), "hell");
    Files.delete(folder.resolve("a-00001"));
    Files.writeString(folder.resolve("b"), "");
    List<String> problems =
        ShardFolder.verify(folder, manifest, bytes -> {}).problems().stream()
            .map(ShardProblem::message)
            .toList();
    assertEquals(3, problems.size());
    assertTrue(problems.get(0).contains("a-00000 (4 bytes)"), problems.get(0));
    assertTrue(problems.get(1).contains("a-00001 is missing"), problems.get(1));
    assertTrue(problems.get(2).contains("b is extra"), problems.get(2));
  }

  @Test
  void verifiedShardsAreNotHashedAgainAfterARunThatDidNotEndWell() throws IOException {
    Optional<Path> journal = Optional.of(folder.resolve(".journal"));
    Files.writeString(folder.resolve("a-00001"), "worle");
    ShardReport first = ShardFolder.verify(folder, manifest, 2, journal, bytes -> {});
    assertEquals(0, first.reused());
    assertEquals(1, first.problems().size());
    // As a killed process leaves it.
    Files.writeString(journal.get(), "half a li", StandardOpenOption.APPEND);
    Files.writeString(folder.resolve("a-00001"), "world");
    long[] told = new long[1];
    ShardReport second =
        ShardFolder.verify(folder, manifest, 2, journal, bytes -> told[0] += bytes);
    assertEquals(1, second.reused());
    assertEquals(List.of(), second.problems());
    assertEquals(11, told[0]);
    assertFalse(Files.exists(journal.get()), "all is well: the next run looks at every byte");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 11})
  void everyShardIsInOnePartAndPartsAreAlikeInSize(int count) throws IOException {
    for (int i = 2; i < 11; i++) {
      Files.writeString(folder.resolve("a-%05d".formatted(i)), "more");
    }
    ShardManifest all = ShardManifest.ofFolder(folder);
    List<String> names = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      List<String> part = new ShardPart(number, count).names(all);
      assertTrue(part.size() == 11 / count || part.size() == (11 + count - 1) / count);
      names.addAll(part);
    }
    assertEquals(List.copyOf(all.digests().keySet()), names);
  }

  @Test
  void partsTogetherListEveryProblemOnce() throws IOException {
    Files.writeString(folder.resolve("a-00000"), "hell");
    Files.delete(folder.resolve("a-00001"));
    Files.writeString(folder.resolve("b"), "");
    List<String> problems = new ArrayList<>();
    for (int number = 1; number <= 2; number++) {
      ShardPart part = new ShardPart(number, 2);
      ShardReport report =
          ShardFolder.verify(folder, manifest, part, 1, Optional.empty(), bytes -> {});
      assertEquals(1, report.shards());
      report.problems().forEach(problem -> problems.add(problem.name() + " " + problem.kind()));
    }
    assertEquals(List.of("a-00000 MISMATCH", "b EXTRA", "a-00001 MISSING"), problems);
  }

  @Test
  void whatWasFoundGoodIsKnownToALaterLookUntilItIsWritten() throws IOException {
    Path journal = folder.resolve(".journal");
    ShardFolder.remember(journal, ShardFolder.verify(folder, manifest, bytes -> {}));
    Path first = folder.resolve("a-00000");
    FileTime before = Files.getLastModifiedTime(first);
    Files.writeString(first, "olleh ");
    Files.setLastModifiedTime(first, FileTime.fromMillis(before.toMillis() + 1));

    ShardReport second = ShardFolder.verify(folder, manifest, 1, Optional.of(journal), bytes -> {});

    assertEquals(1, second.reused());
    assertEquals(List.of("a-00000"), second.problems().stream().map(ShardProblem::name).toList());
  }

  @Test
  void progressThatThrowsStopsTheHashing() {
    IllegalStateException stop =
        assertThrows(
            IllegalStateException.class,
            () ->
                ShardFolder.verify(
                    folder,
                    manifest,
                    2,
                    Optional.empty(),
                    bytes -> {
                      throw new IllegalStateException("stop");
                    }));
    assertEquals("stop", stop.getMessage());
  }

  @Test
  void wrongShardLeavesNoOutput() throws IOException {
    Files.writeString(folder.resolve("a-00001"), "worle");
    Path whole = folder.resolve("whole");
    PawlException refused =
        assertThrows(
            PawlException.class, () -> Unsharder.unshard(folder, manifest, whole, bytes -> {}));
    assertTrue(refused.getMessage().contains("a-00001"), refused.getMessage());
    assertFalse(Files.exists(whole));
  }

  @Test
  void manifestLineThatIsNotNameAndDigestIsRefusedByNumber() throws IOException {
    Path file = folder.resolve(ShardManifest.FILE_NAME);
    Files.writeString(file, "../x " + "0".repeat(64) + "\n");
    String message = assertThrows(PawlException.class, () -> ShardManifest.read(file)).getMessage();
    assertTrue(message.contains(ShardManifest.FILE_NAME + ":1"), message);
  }
}
