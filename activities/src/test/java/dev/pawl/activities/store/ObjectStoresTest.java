package dev.pawl.activities.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectStoresTest {
  @TempDir Path folder;

  @Test
  void withoutTheVariableThereIsNone() {
    assertEquals(Optional.empty(), ObjectStores.of(Map.of()));
    assertEquals(Optional.empty(), ObjectStores.of(Map.of("PAWL_STORE", "  ")));
  }

  @Test
  void aFolderIsNamedByItsPath() throws IOException {
    ObjectStore store = ObjectStores.of(Map.of("PAWL_STORE", folder.toString())).orElseThrow();
    assertEquals(folder.toRealPath().toString(), store.place());
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertRefused(file.toString(), "is no folder");
    assertRefused(folder.resolve("unmounted").toString(), "is no folder: make it, or mount");
  }

  @ParameterizedTest
  @CsvSource({
    "relative/folder, neither an absolute path nor s3://bucket/prefix",
    "gs://bucket/x, is not of the form s3://bucket/prefix",
    "s3://, is not of the form s3://bucket/prefix",
    "s3://Bad_Bucket/x, is not of the form s3://bucket/prefix",
    "s3://bucket/a/../b, has a prefix with empty parts",
    "s3://bucket/a//b, has a prefix with empty parts"
  })
  void mistakesAreNamed(String store, String words) {
    assertRefused(store, words);
  }

  @Test
  void anEndpointIsAnAddress() {
    PawlException wrong =
        assertThrows(
            PawlException.class,
            () ->
                ObjectStores.of(
                    Map.of("PAWL_STORE", "s3://bucket/x", "AWS_ENDPOINT_URL_S3", "minio:9000")));
    assertEquals(FailureCause.CONFIG, wrong.failureCause());
    assertTrue(wrong.getMessage().contains("AWS_ENDPOINT_URL_S3=minio:9000"), wrong.getMessage());
  }

  private static void assertRefused(String store, String words) {
    PawlException wrong =
        assertThrows(PawlException.class, () -> ObjectStores.of(Map.of("PAWL_STORE", store)));
    assertEquals(FailureCause.CONFIG, wrong.failureCause());
    assertTrue(wrong.getMessage().contains("PAWL_STORE=" + store), wrong.getMessage());
    assertTrue(wrong.getMessage().contains(words), wrong.getMessage());
  }
}
