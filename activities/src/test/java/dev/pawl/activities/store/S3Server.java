package dev.pawl.activities.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/**
 * An S3 server with a bucket: S3Proxy in a process of its own, or the one of {@code
 * PAWL_TEST_S3_ENDPOINT}, whose keys are in AWS's standard variables.
 */
public final class S3Server implements AutoCloseable {
  public static final String BUCKET = "pawl-test";

  private static final Path JAR = Path.of("target", "s3proxy", "s3proxy.jar");
  private static final String USER = "pawl-test";
  private static final String KEY = "not-a-secret";
  private static final int TRIES = 300;

  private final String endpoint;
  private final Process process;

  private S3Server(String endpoint, Process process) {
    this.endpoint = endpoint;
    this.process = process;
  }

  /** Starts it and makes the bucket. */
  public static S3Server start(Path folder) throws IOException, InterruptedException {
    String given = System.getenv("PAWL_TEST_S3_ENDPOINT");
    S3Server server = given == null ? proxy(folder) : new S3Server(given, null);
    server.makeBucket();
    return server;
  }

  private static S3Server proxy(Path folder) throws IOException {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(
          JAR.toAbsolutePath() + " is not there: 'mvn process-test-resources' brings it");
    }
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String endpoint = "http://127.0.0.1:" + port;
    Path settings =
        Files.writeString(
            folder.resolve("s3proxy.properties"),
            """
            s3proxy.endpoint=%s
            s3proxy.authorization=aws-v2-or-v4
            s3proxy.identity=%s
            s3proxy.credential=%s
            jclouds.provider=filesystem-nio2
            jclouds.identity=unused
            jclouds.credential=unused
            jclouds.filesystem.basedir=%s
            """
                .formatted(endpoint, USER, KEY, Files.createDirectory(folder.resolve("s3"))));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-jar",
                JAR.toString(),
                "--properties",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3proxy.txt").toFile())
            .start();
    System.setProperty("aws.accessKeyId", USER);
    System.setProperty("aws.secretAccessKey", KEY);
    return new S3Server(endpoint, process);
  }

  private void makeBucket() throws InterruptedException {
    try (S3Client client = client()) {
      for (int i = 1; true; i++) {
        try {
          client.createBucket(request -> request.bucket(BUCKET));
          return;
        } catch (BucketAlreadyOwnedByYouException there) {
          return;
        } catch (SdkException notYet) {
          if (i == TRIES || (process != null && !process.isAlive())) {
            throw notYet;
          }
          TimeUnit.MILLISECONDS.sleep(100);
        }
      }
    }
  }

  /** The variables that name it. */
  public Map<String, String> environment() {
    return Map.of("AWS_ENDPOINT_URL_S3", endpoint);
  }

  /** The variables that a process needs to use it. */
  public Map<String, String> processEnvironment() {
    return process == null
        ? environment()
        : Map.of(
            "AWS_ENDPOINT_URL_S3",
            endpoint,
            "AWS_ACCESS_KEY_ID",
            USER,
            "AWS_SECRET_ACCESS_KEY",
            KEY);
  }

  /** A client as Pawl makes it. */
  S3Client client(ExecutionInterceptor... interceptors) {
    return ObjectStores.builder(environment())
        .overrideConfiguration(
            configuration -> {
              for (ExecutionInterceptor interceptor : interceptors) {
                configuration.addExecutionInterceptor(interceptor);
              }
            })
        .build();
  }

  @Override
  public void close() {
    if (process != null) {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
      process.destroyForcibly();
    }
  }
}
