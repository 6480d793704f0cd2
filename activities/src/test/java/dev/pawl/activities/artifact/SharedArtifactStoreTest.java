package dev.pawl.activities.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.store.FolderObjectStore;
import dev.pawl.activities.store.ForwardingStore;
import dev.pawl.activities.store.ObjectStore;
import dev.pawl.db.Claim;
import dev.pawl.db.FencedException;
import dev.pawl.db.Owner;
import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two homes and one store. */
class SharedArtifactStoreTest {
  private static final String KIND = "pretrain";
  private static final String KEY = "k".repeat(64);

  @TempDir Path folder;
  private Path shared;
  private Path hereHome;
  private Path thereHome;
  private ObjectStore objects;
  private SharedArtifactStore here;
  private SharedArtifactStore there;

  @BeforeEach
  void begin() throws IOException {
    shared = Files.createDirectory(folder.resolve("shared"));
    hereHome = Files.createDirectory(folder.resolve("here"));
    thereHome = Files.createDirectory(folder.resolve("there"));
    objects = new FolderObjectStore(shared);
    here = new SharedArtifactStore(new LocalArtifactStore(hereHome), objects);
    there = new SharedArtifactStore(new LocalArtifactStore(thereHome), objects);
  }

  private static Producer producer(int attempt) {
    return new Producer("host", 1, attempt);
  }

  private static Path sealed(SharedArtifactStore store, int attempt, String content)
      throws IOException {
    Path output = store.prepare(KIND, KEY, producer(attempt));
    Files.writeString(output.resolve("weights"), content);
    Files.writeString(Files.createDirectory(output.resolve("more")).resolve("empty"), "");
    store.seal(output, KIND, KEY, producer(attempt), "{}", bytes -> {});
    return output;
  }

  private static String publish(SharedArtifactStore store, int attempt, String content)
      throws IOException {
    Path output = sealed(store, attempt, content);
    String digest = LocalArtifactStore.manifest(output).digest();
    store.publish(output, KIND, KEY, producer(attempt), bytes -> {}, () -> {});
    return digest;
  }

  private Path inStore(String digest, String file) {
    return shared.resolve("artifacts").resolve(KIND).resolve(KEY).resolve(digest).resolve(file);
  }

  @Test
  void whatOneHostPublishesTheOtherFetchesAndVerifies() throws IOException {
    String digest = publish(here, 1, "the weights");
    assertEquals(Set.of(KEY), there.keys(KIND));
    // Asked whether it can be reused, a host downloads nothing.
    assertEquals(Optional.empty(), there.verify(KIND, KEY, digest, true, bytes -> {}));
    assertFalse(Files.exists(there.folder(KIND, KEY)));
    assertEquals(Optional.empty(), there.fetch(KIND, KEY, digest, true, bytes -> {}));
    Path fetched = there.folder(KIND, KEY);
    assertEquals("the weights", Files.readString(fetched.resolve("weights")));
    assertEquals("", Files.readString(fetched.resolve("more/empty")));
    assertEquals(here.find(KIND, KEY), there.find(KIND, KEY));
    assertEquals(
        Optional.empty(),
        new LocalArtifactStore(thereHome).verify(KIND, KEY, digest, true, bytes -> {}));
    assertNothingTemporary(thereHome);
  }

  private static void assertNothingTemporary(Path home) throws IOException {
    try (Stream<Path> tree = Files.walk(home)) {
      assertEquals(
          List.of(),
          tree.filter(path -> path.getFileName().toString().contains(".tmp"))
              .filter(path -> !path.equals(home))
              .toList());
    }
  }

  @Test
  void killedBetweenFilesAndManifestNothingIsVisible() throws IOException {
    ObjectStore killing =
        new ForwardingStore(objects) {
          @Override
          public void put(String name, Path file, FileDigest digest, ByteProgress progress)
              throws IOException {
            if (name.endsWith(ArtifactManifest.FILE_NAME)) {
              throw new CancellationException("killed");
            }
            super.put(name, file, digest, progress);
          }
        };
    SharedArtifactStore killed = new SharedArtifactStore(new LocalArtifactStore(hereHome), killing);
    Path output = sealed(killed, 1, "the weights");
    String digest = LocalArtifactStore.manifest(output).digest();
    assertThrows(
        CancellationException.class,
        () -> killed.publish(output, KIND, KEY, producer(1), bytes -> {}, () -> {}));
    assertTrue(Files.exists(inStore(digest, "weights")));
    assertEquals(List.of(), there.published(KIND, KEY));
    assertTrue(there.verify(KIND, KEY, digest, true, bytes -> {}).isPresent());
    assertTrue(there.fetch(KIND, KEY, digest, true, bytes -> {}).isPresent());
    assertFalse(Files.exists(there.folder(KIND, KEY)));
    assertFalse(Files.exists(killed.folder(KIND, KEY)));
    assertEquals(digest, publish(there, 2, "the weights"));
    assertEquals(Optional.empty(), here.fetch(KIND, KEY, digest, true, bytes -> {}));
  }

  @Test
  void whoeverLostTheClaimPublishesNothing() throws IOException {
    Path output = sealed(here, 1, "of the first");
    String first = LocalArtifactStore.manifest(output).digest();
    String second = publish(there, 2, "of the second");
    assertThrows(
        FencedException.class,
        () ->
            here.publish(
                output,
                KIND,
                KEY,
                producer(1),
                bytes -> {},
                () -> {
                  throw new FencedException(new Claim(KEY, "lost", 1, Optional.empty()));
                }));
    assertFalse(Files.exists(inStore(first, ArtifactManifest.FILE_NAME)));
    // One that was stopped behind the last question does write, and changes nothing for anybody.
    here.publish(output, KIND, KEY, producer(1), bytes -> {}, () -> {});
    assertEquals(Optional.empty(), here.fetch(KIND, KEY, second, true, bytes -> {}));
    assertEquals("of the second", Files.readString(here.folder(KIND, KEY).resolve("weights")));
    assertEquals(
        Set.of(1, 2),
        Set.copyOf(
            there.published(KIND, KEY).stream().map(each -> each.producer().attempt()).toList()));
  }

  @Test
  void aDamagedObjectIsRefusedAndMadeAnew() throws IOException {
    String digest = publish(here, 1, "the weights");
    Files.writeString(inStore(digest, "weights"), "the weightz");
    String problem = there.fetch(KIND, KEY, digest, true, bytes -> {}).orElseThrow();
    assertTrue(problem.contains("weights"), problem);
    assertTrue(problem.contains("sha256"), problem);
    assertFalse(Files.exists(there.folder(KIND, KEY)));
    assertNothingTemporary(thereHome);
    Files.writeString(inStore(digest, "weights"), "short");
    assertTrue(
        there.verify(KIND, KEY, digest, false, bytes -> {}).orElseThrow().contains("5 bytes"));
    // Whoever still has it, and adopts it, mends the store.
    assertTrue(here.share(KIND, KEY, digest, true, bytes -> {}));
    assertEquals(Optional.empty(), there.fetch(KIND, KEY, digest, true, bytes -> {}));
    Files.writeString(inStore(digest, "weights"), "the weightz");
    assertEquals(digest, publish(there, 2, "the weights"));
    assertEquals("the weights", Files.readString(inStore(digest, "weights")));
  }

  @Test
  void damageOfOnesOwnCopyIsMendedFromTheStore() throws IOException {
    String digest = publish(here, 1, "the weights");
    Files.writeString(here.folder(KIND, KEY).resolve("weights"), "the weightz");
    assertEquals(Optional.empty(), here.verify(KIND, KEY, digest, true, bytes -> {}));
    assertEquals(Optional.empty(), here.fetch(KIND, KEY, digest, true, bytes -> {}));
    assertEquals("the weights", Files.readString(here.folder(KIND, KEY).resolve("weights")));
    assertNothingTemporary(hereHome);
  }

  @Test
  void whatWasMadeBeforeArtifactsWereSharedIsSharedOnce() throws IOException {
    LocalArtifactStore alone = new LocalArtifactStore(hereHome);
    Path output = sealed(here, 1, "the weights");
    String digest = LocalArtifactStore.manifest(output).digest();
    alone.publish(output, KIND, KEY, producer(1), bytes -> {}, () -> {});
    assertTrue(there.verify(KIND, KEY, digest, true, bytes -> {}).isPresent());
    assertTrue(here.share(KIND, KEY, digest, false, bytes -> {}));
    assertFalse(here.share(KIND, KEY, digest, false, bytes -> {}));
    assertFalse(there.share(KIND, KEY, digest, false, bytes -> {}));
    assertEquals(Optional.empty(), there.fetch(KIND, KEY, digest, true, bytes -> {}));
  }

  @Test
  void aStoreThatIsAwayIsNoDamage() throws IOException {
    String digest = publish(here, 1, "the weights");
    ObjectStore away =
        new ForwardingStore(objects) {
          @Override
          public InputStream read(String name, long offset) throws IOException {
            throw new IOException("connection refused");
          }
        };
    SharedArtifactStore cut = new SharedArtifactStore(new LocalArtifactStore(thereHome), away);
    for (var question :
        List.<Supplier<Optional<String>>>of(
            () -> cut.verify(KIND, KEY, digest, true, bytes -> {}),
            () -> cut.fetch(KIND, KEY, digest, true, bytes -> {}))) {
      PawlException trouble = assertThrows(PawlException.class, question::get);
      assertEquals(FailureCause.INFRASTRUCTURE, trouble.failureCause());
      assertTrue(trouble.getMessage().contains("connection refused"), trouble.getMessage());
    }
  }

  @Test
  void whatADeadProcessHadFetchedIsNotFetchedAgain() throws Exception {
    String digest = publish(here, 1, "the weights");
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    String name =
        "%s.tmp-fetch-%s-%s-%d"
            .formatted(
                KEY,
                digest.substring(0, 16),
                Owner.hostName().replaceAll("[^A-Za-z0-9._]", "_"),
                dead.pid());
    Path left = Files.createDirectories(thereHome.resolve("artifacts").resolve(KIND).resolve(name));
    Files.writeString(left.resolve("weights.part"), "the we");
    List<Long> offsets = new ArrayList<>();
    ObjectStore counting =
        new ForwardingStore(objects) {
          @Override
          public InputStream read(String object, long offset) throws IOException {
            if (object.endsWith("weights")) {
              offsets.add(offset);
            }
            return super.read(object, offset);
          }
        };
    SharedArtifactStore later =
        new SharedArtifactStore(new LocalArtifactStore(thereHome), counting);
    assertEquals(Optional.empty(), later.fetch(KIND, KEY, digest, true, bytes -> {}));
    assertEquals(List.of(6L), offsets);
    assertEquals("the weights", Files.readString(later.folder(KIND, KEY).resolve("weights")));
    assertNothingTemporary(thereHome);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../../outside",
        "/tmp/pawl-outside",
        "a/../../outside",
        "..\\\\outside",
        "a//b",
        ".",
        "line\\n0123 3 ../outside"
      })
  void aHostileManifestIsRefused(String name) throws IOException {
    // The digest in the name is right: whoever can write to the store can compute it.
    String file = "\"%s\": {\"bytes\": 4, \"sha256\": \"%s\"}".formatted(name, sha256("evil"));
    String json =
        """
        {"kind": "%s", "key": "%s", "producer": {"host": "h", "pid": 1, "attempt": 1},
         "resultJson": "{}", "files": {%s}}"""
            .formatted(KIND, KEY, file);
    ArtifactManifest manifest = new ObjectMapper().readValue(json, ArtifactManifest.class);
    Path place = inStore(manifest.digest(), ArtifactManifest.FILE_NAME);
    Files.createDirectories(place.getParent());
    Files.writeString(place, json);
    String problem = there.fetch(KIND, KEY, manifest.digest(), true, bytes -> {}).orElseThrow();
    assertTrue(problem.contains("out of its folder"), problem);
    assertEquals(List.of(), there.published(KIND, KEY));
    assertFalse(Files.exists(folder.resolve("outside")));
    assertFalse(Files.exists(Path.of("/tmp/pawl-outside")));
    // Nor is one believed that lies in the home.
    Path own = Files.createDirectories(here.folder(KIND, KEY));
    Files.writeString(own.resolve(ArtifactManifest.FILE_NAME), json);
    assertTrue(
        new LocalArtifactStore(hereHome)
            .verify(KIND, KEY, manifest.digest(), true, bytes -> {})
            .orElseThrow()
            .contains("out of its folder"));
  }

  private static String sha256(String text) {
    return HexFormat.of()
        .formatHex(FileDigests.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../../etc", "a/b", "", "a\\b"})
  void keysThatLeadElsewhereAreRefused(String key) {
    for (ArtifactStore store : List.of(here, new LocalArtifactStore(hereHome))) {
      for (Executable use :
          List.<Executable>of(
              () -> store.folder(KIND, key),
              () -> store.work(key, 1, () -> {}),
              () -> store.discardWork(key),
              () -> store.remove(KIND, key))) {
        PawlException refused = assertThrows(PawlException.class, use);
        assertEquals(FailureCause.DATA, refused.failureCause());
      }
    }
  }

  @Test
  void whatIsRemovedIsNowhere() throws IOException {
    String digest = publish(here, 1, "the weights");
    here.remove(KIND, KEY);
    assertTrue(there.verify(KIND, KEY, digest, true, bytes -> {}).isPresent());
    assertEquals(Set.of(), there.keys(KIND));
    assertFalse(Files.exists(shared.resolve("artifacts")));
  }
}
