package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joining shards (block-transformer.md 5.3): what is made, what is refused, what goes on. */
class UnsharderTest {
  private static final int SHARD_BYTES = 3 << 19;
  private static final int LAST_BYTES = 778;

  @TempDir Path folder;
  private Path input;
  private Path work;
  private Path output;
  private byte[] whole;
  private String sha256;

  @BeforeEach
  void write() throws Exception {
    input = Files.createDirectory(folder.resolve("in"));
    work = Files.createDirectory(folder.resolve("out"));
    output = work.resolve("corpus.bin");
    whole = TestShards.write(input, "corpus", 4, SHARD_BYTES, LAST_BYTES);
    sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(whole));
  }

  @Test
  void shardsAndIndexAreJoinedAndNothingElseIsLeft() throws Exception {
    TestShards.writeIndex(input.resolve("corpus.idx"), whole.length / 2 - 1, 1);
    Unsharded made = join(numbered());
    assertArrayEquals(whole, Files.readAllBytes(output));
    assertEquals(new FileDigest(whole.length, sha256), made.whole());
    assertEquals(4, made.shards());
    assertEquals(0, made.reused());
    assertEquals(-1, Files.mismatch(input.resolve("corpus.idx"), work.resolve("corpus.idx")));
    assertEquals(List.of("corpus.bin", "corpus.idx"), names(work));
    try (IndexedDataset dataset = IndexedDataset.open(work.resolve("corpus"))) {
      assertEquals(2, dataset.sequences());
    }
  }

  @Test
  void firstShardAndFolderNameTheSameSet() throws IOException {
    Path first = input.resolve("corpus-00000-of-00003.bin");
    assertEquals(numbered(), ShardSet.numbered(first, OptionalInt.of(4), Optional.empty()));
    PawlException refused =
        assertThrows(
            PawlException.class,
            () -> ShardSet.numbered(first, OptionalInt.of(83), Optional.empty()));
    assertEquals(FailureCause.CONFIG, refused.failureCause());
    assertTrue(refused.getMessage().contains("--num-shards says 83"), refused.getMessage());
  }

  @Test
  void truncatedMissingAndExtraShardsAreRefusedBeforeAnythingIsWritten() throws IOException {
    Files.write(input.resolve("corpus-00000-of-00003.bin"), new byte[100]);
    String message = refusal();
    assertTrue(message.contains("corpus-00000-of-00003.bin has 100 bytes"), message);
    Files.delete(input.resolve("corpus-00002-of-00003.bin"));
    Files.write(input.resolve("corpus-00004-of-00003.bin"), new byte[100]);
    message = refusal();
    assertTrue(message.contains("corpus-00002-of-00003.bin is missing"), message);
    assertTrue(message.contains("corpus-00004-of-00003.bin is extra"), message);
    Files.write(input.resolve("other-00000-of-00003.bin"), new byte[100]);
    assertTrue(refusal().contains("several corpora"), refusal());
    assertEquals(List.of(), names(work));
  }

  @Test
  void manifestThatNamesOtherFilesIsRefused() throws IOException {
    ShardManifest manifest = ShardManifest.ofFolder(input);
    Path file = folder.resolve("manifest");
    manifest.write(file);
    Files.writeString(
        file, Files.readString(file) + "corpus-00004-of-00004.bin " + "0".repeat(64) + "\n");
    ShardManifest longer = ShardManifest.read(file);
    String message =
        assertThrows(
                PawlException.class,
                () -> ShardSet.numbered(input, OptionalInt.empty(), Optional.of(longer)))
            .getMessage();
    assertTrue(message.contains("corpus-00004-of-00004.bin is missing"), message);
  }

  @Test
  void wrongShardStopsAndTheNextRunGoesOnThere() throws IOException {
    Optional<ShardManifest> manifest = Optional.of(ShardManifest.ofFolder(input));
    Path third = input.resolve("corpus-00002-of-00003.bin");
    byte[] good = Files.readAllBytes(third);
    byte[] bad = good.clone();
    bad[5] ^= 1;
    Files.write(third, bad);
    ShardSet set = ShardSet.numbered(input, OptionalInt.empty(), manifest);
    PawlException refused = assertThrows(PawlException.class, () -> join(set));
    assertEquals(FailureCause.DATA, refused.failureCause());
    assertTrue(refused.getMessage().contains("corpus-00002-of-00003.bin"), refused.getMessage());
    assertFalse(Files.exists(output));
    Files.write(third, good);
    List<String> copied = new ArrayList<>();
    Unsharded made = join(ShardSet.numbered(input, OptionalInt.empty(), manifest), copied::add);
    assertEquals(2, made.reused());
    assertEquals(List.of("corpus-00002-of-00003.bin", "corpus-00003-of-00003.bin"), copied);
    assertEquals(sha256, made.whole().sha256());
  }

  @Test
  void wholeThatIsNotTheExpectedOneDoesNotAppear() {
    String message =
        assertThrows(
                PawlException.class,
                () ->
                    Unsharder.unshard(
                        numbered(), output, work, Optional.of("0".repeat(64)), bytes -> {}))
            .getMessage();
    assertTrue(message.contains(sha256), message);
    assertFalse(Files.exists(output));
  }

  @Test
  void outputThatChangedWhileNobodyRanIsFoundAndCopiedAgain() throws IOException {
    ShardSet set = numbered();
    assertThrows(
        IllegalStateException.class,
        () ->
            join(
                set,
                name -> {
                  if (name.contains("-00003-")) {
                    throw new IllegalStateException("stop");
                  }
                }));
    Path draft = work.resolve("corpus.bin.partial");
    byte[] written = Files.readAllBytes(draft);
    written[SHARD_BYTES + 9] ^= 1;
    Files.write(draft, written);
    List<String> copied = new ArrayList<>();
    Unsharded made = join(set, copied::add);
    assertEquals(1, made.reused());
    assertEquals(3, copied.size());
    assertArrayEquals(whole, Files.readAllBytes(output));
  }

  @Test
  void killBetweenTheTwoMovesIsMended() throws IOException {
    TestShards.writeIndex(input.resolve("corpus.idx"), whole.length / 2);
    ShardSet set = numbered();
    Files.write(output, whole);
    Path journal = work.resolve("corpus.bin.journal");
    try (UnshardJournal lines = UnshardJournal.open(journal, set.shards(), whole.length)) {
      for (int i = 0; i < 4; i++) {
        Shard shard = set.shards().get(i);
        lines.shard(i, shard, FileDigests.of(shard.path(), bytes -> {}).sha256());
      }
      lines.whole(new FileDigest(whole.length, sha256));
    }
    Unsharded made = join(set, name -> assertEquals("nothing is copied", name));
    assertEquals(sha256, made.whole().sha256());
    assertEquals(List.of("corpus.bin", "corpus.idx"), names(work));
  }

  @Test
  void indexThatDoesNotFitIsRefusedBeforeTheFirstByte() throws IOException {
    TestShards.writeIndex(input.resolve("corpus.idx"), whole.length / 2 - 5);
    ShardSet set = numbered();
    String message = assertThrows(PawlException.class, () -> join(set)).getMessage();
    assertTrue(message.contains("its index accounts for"), message);
    assertFalse(Files.exists(work.resolve("corpus.bin.partial")));
  }

  @Test
  void existingOutputIsCheckedOrLeftAlone() throws IOException {
    join(numbered());
    Unsharded again = Unsharder.unshard(numbered(), output, work, Optional.of(sha256), bytes -> {});
    assertEquals(4, again.reused());
    String message = assertThrows(BusyException.class, () -> join(numbered())).getMessage();
    assertTrue(message.contains("corpus.bin exists"), message);
    Files.write(output, new byte[whole.length]);
    message =
        assertThrows(
                PawlException.class,
                () -> Unsharder.unshard(numbered(), output, work, Optional.of(sha256), bytes -> {}))
            .getMessage();
    assertTrue(message.contains("remove it"), message);
  }

  @Test
  void sameOutputAtOnceIsRefused() throws IOException {
    try (OutputLock held = OutputLock.take(output)) {
      held.requireHeld();
      String message = assertThrows(BusyException.class, () -> join(numbered())).getMessage();
      assertTrue(message.contains("corpus.bin is being written by another process"), message);
    }
    assertEquals(sha256, join(numbered()).whole().sha256());
  }

  @Test
  void diskWithoutRoomIsRefusedBeforeTheFirstByte() throws IOException {
    PawlException refused =
        assertThrows(PawlException.class, () -> DiskRoom.require(output, 1L << 60));
    assertEquals(FailureCause.INFRASTRUCTURE, refused.failureCause());
    assertTrue(refused.getMessage().contains("no space left on device"), refused.getMessage());
  }

  @Test
  void emptyCorpusIsRefused() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertTrue(
        assertThrows(
                PawlException.class,
                () -> ShardSet.numbered(empty, OptionalInt.empty(), Optional.empty()))
            .getMessage()
            .contains("holds no shard"));
    Files.write(empty.resolve("corpus-00000-of-00000.bin"), new byte[0]);
    assertTrue(
        assertThrows(
                PawlException.class,
                () -> ShardSet.numbered(empty, OptionalInt.empty(), Optional.empty()))
            .getMessage()
            .contains("hold no byte"));
  }

  @Test
  void publishedManifestHasAllFilesOfTheCorpus() throws IOException {
    PublishedCorpus corpus = PublishedCorpus.find("pythia-deduped").orElseThrow();
    assertEquals(84, corpus.manifest().digests().size());
    assertEquals(
        "44fb8e4898a07bacb71aba969afc4ffbe382813c09420122d57451cebe1d56a2",
        corpus.manifest().digests().get("pile_0.87_deduped_text_document-00000-of-00082.bin"));
    assertEquals(
        "be207095385d4ad70c49492f0f4891d909eaf58ac3289be41cf244192f4828d5",
        corpus.manifest().digests().get("pile_0.87_deduped_text_document-00082-of-00082.bin"));
    assertEquals(
        "a659c5a57fa772fb6d3582c6e0b3a55c0c43b16ee8ea72ac6a70cebcdd35d669",
        corpus.manifest().digests().get("pile_0.87_deduped_text_document.idx"));
    assertEquals(
        "0cd548efd15974d5cca78f9baddbd59220ca675535dcfc0c350087c79f504693", corpus.sha256());
  }

  private ShardSet numbered() throws IOException {
    return ShardSet.numbered(input, OptionalInt.empty(), Optional.empty());
  }

  private Unsharded join(ShardSet set) throws IOException {
    return join(set, name -> {});
  }

  private Unsharded join(ShardSet set, java.util.function.Consumer<String> copying)
      throws IOException {
    UnshardListener listener =
        new UnshardListener() {
          @Override
          public void advance(long bytes) {}

          @Override
          public void copying(Shard shard) {
            copying.accept(shard.name());
          }
        };
    return Unsharder.unshard(set, output, work, Optional.empty(), listener);
  }

  private String refusal() {
    PawlException refused = assertThrows(PawlException.class, this::numbered);
    assertEquals(FailureCause.DATA, refused.failureCause());
    return refused.getMessage();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
