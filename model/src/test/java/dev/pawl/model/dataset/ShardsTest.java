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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
