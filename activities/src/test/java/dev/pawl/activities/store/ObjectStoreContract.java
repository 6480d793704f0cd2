package dev.pawl.activities.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every object store does; each test under a folder of its own. */
abstract class ObjectStoreContract {
  /** More than two requests of the smallest size that S3 takes. */
  private static final int LARGE = 11 << 20;

  @TempDir Path folder;
  private String under;

  /** The store to test. */
  abstract ObjectStore store() throws IOException;

  @BeforeEach
  void begin() {
    under = "contract/" + UUID.randomUUID() + "/";
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve(UUID.randomUUID().toString()), content);
  }

  private static byte[] random(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }

  private FileDigest put(String name, byte[] content) throws IOException {
    Path file = file(content);
    FileDigest digest = FileDigests.of(file, bytes -> {});
    store().put(under + name, file, digest, bytes -> {});
    return digest;
  }

  private byte[] read(String name, long offset) throws IOException {
    try (InputStream in = store().read(under + name, offset)) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100_000, LARGE})
  void whatIsPutIsReadFromAnyOffset(int bytes) throws IOException {
    byte[] content = random(bytes);
    FileDigest digest = put("a/b.bin", content);
    StoredObject found = store().find(under + "a/b.bin").orElseThrow();
    assertEquals(bytes, found.bytes());
    assertTrue(found.sha256().isEmpty() || found.sha256().get().equals(digest.sha256()));
    assertArrayEquals(content, read("a/b.bin", 0));
    if (bytes > 1) {
      int offset = bytes - bytes / 3;
      assertArrayEquals(Arrays.copyOfRange(content, offset, bytes), read("a/b.bin", offset));
    }
    Path target = folder.resolve("back");
    AtomicLong heard = new AtomicLong();
    new ObjectReader(store()).fetch(under + "a/b.bin", digest, target, heard::addAndGet);
    assertArrayEquals(content, Files.readAllBytes(target));
    assertEquals(bytes, heard.get());
  }

  @Test
  void aLaterOneOfTheSameNameReplacesIt() throws IOException {
    put("x", random(5000));
    put("x", "short".getBytes(StandardCharsets.UTF_8));
    assertEquals("short", new String(read("x", 0), StandardCharsets.UTF_8));
    assertEquals(1, store().list(under).size());
  }

  @Test
  void whatIsNotThereIsSaidToBeAbsent() throws IOException {
    assertEquals(Optional.empty(), store().find(under + "nothing"));
    assertThrows(NoSuchFileException.class, () -> read("nothing", 0));
    assertEquals(List.of(), store().list(under));
    assertEquals(Set.of(), store().folders(under));
    store().delete(under + "nothing");
    store().deleteUnfinished(under);
  }

  @Test
  void namesAreListedByTheirParts() throws IOException {
    put("run/1/a", random(3));
    put("run/1/b", random(4));
    put("run/22/a", random(5));
    put("runner/1/a", random(6));
    assertEquals(
        Set.of(under + "run/1/a", under + "run/1/b", under + "run/22/a"),
        Set.copyOf(store().list(under + "run/").stream().map(StoredObject::name).toList()));
    assertEquals(12, store().list(under + "run/").stream().mapToLong(StoredObject::bytes).sum());
    assertEquals(Set.of("run", "runner"), store().folders(under));
    assertEquals(Set.of("1", "22"), store().folders(under + "run/"));
    assertEquals(Set.of(), store().folders(under + "run/1/"));
    store().delete(under + "run/1/a");
    store().delete(under + "run/1/b");
    assertEquals(Set.of("22"), store().folders(under + "run/"));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, LARGE})
  void aFileThatChangedIsRefusedAndNothingIsVisible(int bytes) throws IOException {
    byte[] content = random(bytes);
    Path file = file(content);
    FileDigest before = FileDigests.of(file, done -> {});
    content[bytes - 1]++;
    Files.write(file, content);
    assertThrows(
        DamagedObjectException.class, () -> store().put(under + "f", file, before, done -> {}));
    assertEquals(Optional.empty(), store().find(under + "f"));
    assertEquals(List.of(), store().list(under));
  }

  @Test
  void onePutThatIsStoppedLeavesNothingVisibleAndIsDoneAgain() throws IOException {
    Path file = file(random(LARGE));
    FileDigest digest = FileDigests.of(file, done -> {});
    assertThrows(
        CancellationException.class,
        () ->
            store()
                .put(
                    under + "f",
                    file,
                    digest,
                    done -> {
                      throw new CancellationException("enough");
                    }));
    assertEquals(Optional.empty(), store().find(under + "f"));
    assertEquals(List.of(), store().list(under));
    store().put(under + "f", file, digest, done -> {});
    assertEquals(LARGE, store().find(under + "f").orElseThrow().bytes());
    store().deleteUnfinished(under);
    assertArrayEquals(Files.readAllBytes(file), read("f", 0));
  }

  @Test
  void readingThatBreaksOffGoesOnWhereItWas() throws IOException {
    byte[] content = random(3 << 20);
    FileDigest digest = put("f", content);
    BreakingReads breaking = new BreakingReads(store(), 1 << 20);
    Path target = folder.resolve("back");
    new ObjectReader(breaking).fetch(under + "f", digest, target, done -> {});
    assertArrayEquals(content, Files.readAllBytes(target));
    assertEquals(List.of(0L, 1L << 20, 2L << 20), breaking.offsets());
  }

  @Test
  void anObjectOfAnotherDigestIsRefused() throws IOException {
    put("f", random(1000));
    Path target = folder.resolve("back");
    FileDigest other = new FileDigest(1000, "0".repeat(64));
    assertThrows(
        DamagedObjectException.class,
        () -> new ObjectReader(store()).fetch(under + "f", other, target, done -> {}));
    FileDigest shorter = new FileDigest(999, FileDigests.of(file(random(999)), b -> {}).sha256());
    assertThrows(
        DamagedObjectException.class,
        () -> new ObjectReader(store()).fetch(under + "f", shorter, target, done -> {}));
    FileDigest longer = new FileDigest(1001, "0".repeat(64));
    assertThrows(
        DamagedObjectException.class,
        () -> new ObjectReader(store()).fetch(under + "f", longer, target, done -> {}));
    assertFalse(Files.exists(target));
    assertFalse(Files.exists(folder.resolve("back.part")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../x", "/etc/passwd", "a/../../x", "a//b", "a/./b", "a\\..\\b", "a\nb", "", "a/"})
  void namesThatCouldLeadElsewhereAreRefused(String name) throws IOException {
    Path file = file(random(3));
    FileDigest digest = FileDigests.of(file, done -> {});
    ObjectStore store = store();
    for (Executable use :
        List.<Executable>of(
            () -> store.put(name, file, digest, done -> {}),
            () -> store.read(name, 0).close(),
            () -> store.find(name),
            () -> store.delete(name))) {
      PawlException refused = assertThrows(PawlException.class, use);
      assertEquals(FailureCause.DATA, refused.failureCause());
      assertTrue(refused.getMessage().contains("out of its folder"), refused.getMessage());
    }
  }
}
