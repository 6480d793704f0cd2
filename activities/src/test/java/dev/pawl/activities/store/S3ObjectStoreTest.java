package dev.pawl.activities.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

class S3ObjectStoreTest extends ObjectStoreContract {
  private static final int PART = 5 << 20;
  private static final List<Integer> SENT = new ArrayList<>();

  private static S3Server server;
  private static S3Client client;

  /** Writes down which parts are sent. */
  private static final class Parts implements ExecutionInterceptor {
    @Override
    public void beforeExecution(
        Context.BeforeExecution context, ExecutionAttributes executionAttributes) {
      if (context.request() instanceof UploadPartRequest part) {
        SENT.add(part.partNumber());
      }
    }
  }

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = S3Server.start(folder);
    client = server.client(new Parts());
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @Override
  S3ObjectStore store() {
    return new S3ObjectStore(client, S3Server.BUCKET, "some/prefix/", PART);
  }

  @Test
  void partsThatWereSentAreNotSentAgain() throws IOException {
    byte[] content = new byte[3 * PART + 1000];
    new Random(1).nextBytes(content);
    Path file = Files.write(folder.resolve("f"), content);
    FileDigest digest = FileDigests.of(file, done -> {});
    AtomicInteger parts = new AtomicInteger();
    SENT.clear();
    assertThrows(
        CancellationException.class,
        () ->
            store()
                .put(
                    "resumed/f",
                    file,
                    digest,
                    done -> {
                      if (parts.incrementAndGet() == 2) {
                        throw new CancellationException("killed");
                      }
                    }));
    assertEquals(List.of(1, 2), SENT);
    SENT.clear();
    store().put("resumed/f", file, digest, done -> {});
    assertEquals(List.of(3, 4), SENT);
    StoredObject whole = store().find("resumed/f").orElseThrow();
    assertEquals(Optional.of(digest.sha256()), whole.sha256());
    try (InputStream in = store().read("resumed/f", 0)) {
      assertArrayEquals(content, in.readAllBytes());
    }
  }

  @Test
  void unfinishedUploadsAreEnded() throws IOException {
    Path file = Files.write(folder.resolve("f"), new byte[2 * PART]);
    FileDigest digest = FileDigests.of(file, done -> {});
    assertThrows(
        CancellationException.class,
        () ->
            store()
                .put(
                    "unfinished/f",
                    file,
                    digest,
                    done -> {
                      throw new CancellationException("killed");
                    }));
    assertEquals(1, uploads("some/prefix/unfinished/"));
    store().deleteUnfinished("unfinished/");
    assertEquals(0, uploads("some/prefix/unfinished/"));
  }

  private static long uploads(String prefix) {
    return client
        .listMultipartUploads(request -> request.bucket(S3Server.BUCKET).prefix(prefix))
        .uploads()
        .size();
  }

  @Test
  void listedNamesThatLeadElsewhereArePassedOver() throws IOException {
    for (String key : List.of("hostile/..\\x", "hostile/.pawl-x", "hostile/good")) {
      client.putObject(
          request -> request.bucket(S3Server.BUCKET).key("some/prefix/" + key),
          RequestBody.fromString("x"));
    }
    assertEquals(
        List.of("hostile/good"),
        store().list("hostile/").stream().map(StoredObject::name).toList());
  }

  @Test
  void theEnvironmentNamesBucketAndPrefix() throws IOException {
    ObjectStore named = ObjectStores.of(named("s3://pawl-test/team/a/")).orElseThrow();
    assertEquals("s3://pawl-test/team/a/", named.place());
    Path file = Files.writeString(folder.resolve("f"), "content");
    named.put("x/y", file, FileDigests.of(file, done -> {}), done -> {});
    assertTrue(new S3ObjectStore(client, S3Server.BUCKET, "", PART).find("team/a/x/y").isPresent());
  }

  @Test
  void aBucketThatIsNotThereIsAMistakeOfTheSettings() {
    PawlException wrong =
        assertThrows(PawlException.class, () -> ObjectStores.of(named("s3://no-such-bucket/x")));
    assertEquals(FailureCause.CONFIG, wrong.failureCause());
    assertTrue(wrong.getMessage().contains("PAWL_STORE=s3://no-such-bucket/x"), wrong.getMessage());
    assertTrue(wrong.getMessage().contains("no such bucket"), wrong.getMessage());
  }

  @Test
  void wrongKeysAreAMistakeOfTheSettings() {
    // They come before those of the environment.
    Map<String, String> right = new HashMap<>();
    for (String name : List.of("aws.accessKeyId", "aws.secretAccessKey")) {
      Optional.ofNullable(System.getProperty(name)).ifPresent(value -> right.put(name, value));
      System.setProperty(name, "wrong");
    }
    try {
      PawlException wrong =
          assertThrows(PawlException.class, () -> ObjectStores.of(named("s3://pawl-test/x")));
      assertEquals(FailureCause.CONFIG, wrong.failureCause(), wrong.getMessage());
      assertTrue(wrong.getMessage().contains("AWS credentials"), wrong.getMessage());
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
      right.forEach(System::setProperty);
    }
  }

  private static Map<String, String> named(String store) {
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.put(ObjectStores.VARIABLE, store);
    return environment;
  }
}
