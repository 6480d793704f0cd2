package dev.pawl.activities.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.store.FolderObjectStore;
import dev.pawl.activities.store.ForwardingStore;
import dev.pawl.activities.store.ObjectStore;
import dev.pawl.activities.store.StoredObject;
import dev.pawl.db.Claim;
import dev.pawl.db.FencedException;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of one home as others find them. */
class SharedCheckpointsTest {
  private static final String KEY = "training";

  @TempDir Path folder;
  private final List<Long> copied = Collections.synchronizedList(new ArrayList<>());
  private final List<SharedCheckpoints> open = new ArrayList<>();
  private Path shared;
  private ObjectStore objects;

  @BeforeEach
  void begin() throws IOException {
    shared = Files.createDirectory(folder.resolve("shared"));
    objects = new FolderObjectStore(shared);
  }

  @AfterEach
  void close() {
    open.forEach(SharedCheckpoints::close);
  }

  private Path home(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name).resolve("checkpoints"));
  }

  private SharedCheckpoints copies(ObjectStore store, String home, int attempt, Runnable guard)
      throws IOException {
    SharedCheckpoints made =
        new SharedCheckpoints(
            store,
            home(home),
            KEY,
            attempt,
            guard,
            new CheckpointCopies.Watch() {
              @Override
              public void begins(long step) {}

              @Override
              public void copied(long step) {
                copied.add(step);
              }
            });
    open.add(made);
    return made;
  }

  private SharedCheckpoints copies(String home, int attempt) throws IOException {
    return copies(objects, home, attempt, () -> {});
  }

  /** A checkpoint whose state's digest is a word. */
  private Path checkpoint(String home, long step, String state) throws IOException {
    Path made = Files.createDirectories(home(home).resolve("checkpoint-" + step));
    Path weights = Files.writeString(made.resolve("model.safetensors"), "weights " + state);
    FileDigest digest = FileDigests.of(weights, bytes -> {});
    Files.writeString(
        made.resolve("manifest.json"),
        """
        {"sha256": "%s", "files": {"model.safetensors": {"bytes": %d, "sha256": "%s"}}}"""
            .formatted(state, digest.bytes(), digest.sha256()));
    return made;
  }

  private Set<String> names() throws IOException {
    return new TreeSet<>(objects.list("work/").stream().map(StoredObject::name).toList());
  }

  private static Set<String> of(int attempt, long... steps) {
    Set<String> names = new TreeSet<>();
    for (long step : steps) {
      for (String file : List.of("manifest.json", "model.safetensors")) {
        names.add("work/%s/%d/checkpoint-%d/%s".formatted(KEY, attempt, step, file));
      }
    }
    return names;
  }

  private Set<Long> steps(String home) throws IOException {
    return new CheckpointStore(home(home)).steps();
  }

  @Test
  void theyFollowTheFolderOldestFirst() throws IOException {
    SharedCheckpoints here = copies("here", 1);
    checkpoint("here", 10, "a");
    checkpoint("here", 20, "b");
    here.changed();
    here.settle();
    assertEquals(List.of(10L, 20L), copied);
    assertEquals(of(1, 10, 20), names());
    new CheckpointStore(home("here")).remove(10);
    checkpoint("here", 30, "c");
    here.changed();
    here.settle();
    assertEquals(of(1, 20, 30), names());
    // Nothing is sent twice.
    here.changed();
    here.settle();
    assertEquals(List.of(10L, 20L, 30L), copied);
  }

  @Test
  void anotherHomeFetchesWhatTheRecordKnows() throws IOException {
    SharedCheckpoints here = copies("here", 1);
    checkpoint("here", 10, "a");
    checkpoint("here", 20, "b");
    checkpoint("here", 30, "unrecorded");
    here.changed();
    here.settle();
    copies("there", 2).fetch(Map.of(10L, "a", 20L, "b", 30L, "c", 40L, "d"), bytes -> {});
    assertEquals(Set.of(10L, 20L), steps("there"));
    assertEquals(
        "weights b", Files.readString(home("there").resolve("checkpoint-20/model.safetensors")));
    // What is there as it is recorded is left as it is; what is not is replaced.
    checkpoint("there", 20, "another");
    Files.writeString(home("there").resolve("checkpoint-10/model.safetensors"), "mine");
    copies("there", 2).fetch(Map.of(10L, "a", 20L, "b"), bytes -> {});
    assertEquals(
        "mine", Files.readString(home("there").resolve("checkpoint-10/model.safetensors")));
    assertEquals(
        "weights b", Files.readString(home("there").resolve("checkpoint-20/model.safetensors")));
  }

  @Test
  void whoGoesOnSendsOnlyWhatIsNewAndRemovesWhatIsOld() throws IOException {
    SharedCheckpoints here = copies("here", 1);
    checkpoint("here", 10, "a");
    checkpoint("here", 20, "b");
    here.changed();
    here.settle();
    copied.clear();
    SharedCheckpoints there = copies("there", 2);
    there.fetch(Map.of(10L, "a", 20L, "b"), bytes -> {});
    new CheckpointStore(home("there")).remove(10);
    checkpoint("there", 30, "c");
    there.changed();
    there.settle();
    assertEquals(List.of(30L), copied);
    Set<String> expected = of(1, 20);
    expected.addAll(of(2, 30));
    assertEquals(expected, names());
  }

  @Test
  void whoeverLostTheClaimTouchesNothingOfTheOther() throws IOException {
    SharedCheckpoints zombie = copies("here", 1);
    checkpoint("here", 10, "a");
    zombie.changed();
    zombie.settle();
    SharedCheckpoints successor = copies("there", 2);
    successor.fetch(Map.of(10L, "a"), bytes -> {});
    checkpoint("there", 20, "b");
    successor.changed();
    successor.settle();
    Set<String> before = names();
    AtomicBoolean lost = new AtomicBoolean(true);
    SharedCheckpoints asked =
        copies(
            objects,
            "here",
            1,
            () -> {
              if (lost.get()) {
                throw new FencedException(new Claim(KEY, "zombie", 1, Optional.empty()));
              }
            });
    checkpoint("here", 20, "of the zombie");
    new CheckpointStore(home("here")).remove(10);
    asked.changed();
    asked.settle();
    Set<String> after = names();
    after.remove("work/%s/1/checkpoint-20/model.safetensors".formatted(KEY));
    assertEquals(before, after);
    // One that was stopped behind the last question writes under its own number.
    zombie.changed();
    zombie.settle();
    assertTrue(names().containsAll(of(2, 20)));
    copies("third", 3).fetch(Map.of(20L, "b"), bytes -> {});
    assertEquals(
        "weights b", Files.readString(home("third").resolve("checkpoint-20/model.safetensors")));
    CheckpointObjects.discard(objects, KEY, 0, 1);
    assertEquals(of(2, 20), names());
  }

  @Test
  void aStepThatWasTakenBackAndDoneAgainIsSentAgain() throws IOException {
    SharedCheckpoints here = copies("here", 1);
    checkpoint("here", 10, "before");
    here.changed();
    here.settle();
    checkpoint("here", 10, "after");
    here.changed();
    here.settle();
    copies("there", 2).fetch(Map.of(10L, "after"), bytes -> {});
    assertEquals(
        "weights after",
        Files.readString(home("there").resolve("checkpoint-10/model.safetensors")));
  }

  @Test
  void aStoreThatIsAwayIsTriedAgainAndTrainingGoesOn() throws IOException {
    AtomicInteger tries = new AtomicInteger();
    ObjectStore away =
        new ForwardingStore(objects) {
          @Override
          public void put(String name, Path file, FileDigest digest, ByteProgress progress)
              throws IOException {
            if (tries.incrementAndGet() <= 2) {
              throw new IOException("connection refused");
            }
            super.put(name, file, digest, progress);
          }
        };
    SharedCheckpoints here = copies(away, "here", 1, () -> {});
    checkpoint("here", 10, "a");
    here.changed();
    here.settle();
    // Whoever waits for it asks for one more try.
    checkpoint("here", 20, "b");
    here.changed();
    here.settle();
    here.settle();
    assertEquals(of(1, 10, 20), names());
  }

  @Test
  void oneThatIsDamagedHereKeepsNoOtherBack() throws IOException {
    SharedCheckpoints here = copies("here", 1);
    Files.writeString(checkpoint("here", 10, "a").resolve("model.safetensors"), "weights A");
    checkpoint("here", 20, "b");
    here.changed();
    here.settle();
    assertEquals(List.of(20L), copied);
    copies("there", 2).fetch(Map.of(10L, "a", 20L, "b"), bytes -> {});
    assertEquals(Set.of(20L), steps("there"));
  }

  @Test
  void aDamagedCopyIsLeftOutAndTheOneBeforeIsFetched() throws IOException {
    SharedCheckpoints here = copies("here", 1);
    checkpoint("here", 10, "a");
    checkpoint("here", 20, "b");
    checkpoint("here", 30, "c");
    here.changed();
    here.settle();
    Path work = shared.resolve("work").resolve(KEY).resolve("1");
    Files.writeString(work.resolve("checkpoint-30/model.safetensors"), "weights C");
    Files.delete(work.resolve("checkpoint-20/model.safetensors"));
    copies("there", 2).fetch(Map.of(10L, "a", 20L, "b", 30L, "c"), bytes -> {});
    assertEquals(Set.of(10L), steps("there"));
    assertFalse(Files.exists(home("there").resolve("checkpoint-30.tmp")));
  }

  @Test
  void aHostileManifestWritesNothingElsewhere() throws IOException {
    FileDigest digest = new FileDigest(4, "0".repeat(64));
    for (String name : List.of("../../outside", "/tmp/pawl-outside", "manifest.json", "a/b")) {
      Path made = folder.resolve("manifest");
      Files.writeString(
          made,
          """
          {"sha256": "a", "files": {"%s": {"bytes": %d, "sha256": "%s"}}}"""
              .formatted(name, digest.bytes(), digest.sha256()));
      objects.put(
          "work/%s/1/checkpoint-10/manifest.json".formatted(KEY),
          made,
          FileDigests.of(made, bytes -> {}),
          bytes -> {});
      copies("there", 2).fetch(Map.of(10L, "a"), bytes -> {});
      assertEquals(Set.of(), steps("there"));
    }
    assertFalse(Files.exists(folder.resolve("there/outside")));
    assertFalse(Files.exists(Path.of("/tmp/pawl-outside")));
  }
}
