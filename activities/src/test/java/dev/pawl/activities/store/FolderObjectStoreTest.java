package dev.pawl.activities.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderObjectStoreTest extends ObjectStoreContract {
  @TempDir Path shared;

  @Override
  FolderObjectStore store() throws IOException {
    return new FolderObjectStore(shared);
  }

  @Test
  void linksInTheFolderAreNotFollowed() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createSymbolicLink(shared.resolve("link"), outside);
    Files.createDirectory(shared.resolve("plain"));
    Files.createSymbolicLink(shared.resolve("plain/file"), outside.resolve("secret"));
    FolderObjectStore store = store();
    assertThrows(IOException.class, () -> store.read("plain/file", 0).close());
    assertThrows(IOException.class, () -> store.read("link/secret", 0).close());
    assertEquals(Optional.empty(), store.find("plain/file"));
    assertEquals(List.of(), store.list("plain/"));
    Path file = Files.writeString(folder.resolve("f"), "other");
    FileDigest digest = FileDigests.of(file, bytes -> {});
    assertThrows(IOException.class, () -> store.put("link/new", file, digest, bytes -> {}));
    assertThrows(IOException.class, () -> store.delete("link/secret"));
    assertTrue(Files.exists(outside.resolve("secret")));
    assertFalse(Files.exists(outside.resolve("new")));
  }

  @Test
  void whatAKilledProcessHadNotFinishedIsNotListedAndGoes() throws IOException {
    Path half = Files.createDirectories(shared.resolve("work/k")).resolve(".pawl-half");
    Files.writeString(half, "half");
    assertEquals(List.of(), store().list("work/"));
    store().deleteUnfinished("work/");
    assertFalse(Files.exists(shared.resolve("work")));
  }
}
