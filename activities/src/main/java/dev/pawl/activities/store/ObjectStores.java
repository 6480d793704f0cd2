package dev.pawl.activities.store;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * The object store that the environment names: {@code PAWL_STORE} is a folder or {@code
 * s3://bucket/prefix}. Credentials, region, profile and endpoint of the latter come from the
 * standard variables and files of AWS.
 */
public final class ObjectStores {
  /** The variable that names it. */
  public static final String VARIABLE = "PAWL_STORE";

  private static final String[] ENDPOINTS = {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"};
  private static final Pattern S3 =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/.*)?");
  private static final long PART_BYTES = 16L << 20;
  private static final Duration CONNECTING = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private ObjectStores() {}

  /**
   * The one of an environment, or none; asked once whether it can be used.
   *
   * @throws PawlException CONFIG when it is named wrongly or may not be used, INFRASTRUCTURE when
   *     it does not answer
   */
  public static Optional<ObjectStore> of(Map<String, String> environment) {
    String place = environment.getOrDefault(VARIABLE, "").strip();
    if (place.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(place.contains("://") ? bucket(place, environment) : folder(place));
    } catch (IOException unreachable) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "%s=%s does not answer: %s".formatted(VARIABLE, place, unreachable.getMessage()),
          unreachable);
    }
  }

  private static ObjectStore folder(String place) throws IOException {
    Path folder;
    try {
      folder = Path.of(place);
    } catch (InvalidPathException e) {
      throw wrong(place, "is no path: " + e.getMessage());
    }
    if (!folder.isAbsolute()) {
      throw wrong(
          place,
          "is neither an absolute path nor s3://bucket/prefix: every host must mean the same");
    }
    // Not made: an unmounted share would become a folder of this disk.
    if (!Files.isDirectory(folder)) {
      throw wrong(place, "is no folder: make it, or mount the disk that has it");
    }
    if (!Files.isWritable(folder)) {
      throw wrong(place, "may not be written");
    }
    return new FolderObjectStore(folder);
  }

  private static ObjectStore bucket(String place, Map<String, String> environment)
      throws IOException {
    Matcher parts = S3.matcher(place);
    if (!parts.matches()) {
      throw wrong(place, "is not of the form s3://bucket/prefix");
    }
    String path = parts.group(2) == null ? "" : parts.group(2).replaceAll("^/+|/+$", "");
    if (!path.isEmpty() && !ObjectNames.isSafe(path)) {
      throw wrong(place, "has a prefix with empty parts, '.', '..' or characters of control");
    }
    S3ObjectStore store =
        new S3ObjectStore(
            builder(environment).build(),
            parts.group(1),
            path.isEmpty() ? "" : path + "/",
            PART_BYTES);
    store.require();
    return store;
  }

  /** Makes clients for a server that an environment names, or for AWS. */
  static S3ClientBuilder builder(Map<String, String> environment) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECTING)
                    .socketTimeout(SILENCE))
            // Other servers do not know AWS's newer checksums; Pawl sends and compares its own.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    for (String variable : ENDPOINTS) {
      String endpoint = environment.getOrDefault(variable, "").strip();
      if (!endpoint.isEmpty()) {
        builder.endpointOverride(uri(variable, endpoint)).forcePathStyle(true);
        if (environment.getOrDefault("AWS_REGION", "").isBlank()) {
          // Servers of one's own rarely care, but a signature needs one.
          builder.region(Region.US_EAST_1);
        }
        break;
      }
    }
    return builder;
  }

  private static URI uri(String variable, String endpoint) {
    try {
      URI uri = URI.create(endpoint);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException malformed) {
      // Said below.
    }
    throw new PawlException(
        FailureCause.CONFIG,
        "%s=%s is not of the form https://host:port".formatted(variable, endpoint));
  }

  private static PawlException wrong(String place, String why) {
    return new PawlException(FailureCause.CONFIG, "%s=%s %s".formatted(VARIABLE, place, why));
  }
}
