package dev.pawl.activities.artifact;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UntouchedFilesTest {
  /** A little more than files need to settle. */
  private static final long SETTLED_MILLIS = 2100;

  @TempDir private Path folder;

  @Test
  void whatWasWrittenSinceIsReadAgainEvenWhenItsTimeIsSetBack() throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "one");
    Path other = Files.writeString(folder.resolve("b"), "two");
    List<Path> files = List.of(file, other);
    FileTime modified = Files.getLastModifiedTime(file);
    UntouchedFiles untouched = new UntouchedFiles();

    UntouchedFiles.Look fresh = UntouchedFiles.look("digest", files);
    untouched.verified(folder, fresh);
    assertFalse(untouched.since(folder, fresh), "files just written are not settled");

    Thread.sleep(SETTLED_MILLIS);
    UntouchedFiles.Look settled = UntouchedFiles.look("digest", files);
    assertFalse(untouched.since(folder, settled));
    untouched.verified(folder, settled);
    assertTrue(untouched.since(folder, UntouchedFiles.look("digest", files)));
    assertFalse(untouched.since(folder, UntouchedFiles.look("another", files)));

    Path copy = Files.writeString(folder.resolve("c"), "ONE");
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(file, modified);
    Thread.sleep(SETTLED_MILLIS);
    assertFalse(untouched.since(folder, UntouchedFiles.look("digest", files)));
  }
}
