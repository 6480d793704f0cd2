package dev.pawl.activities.store;

import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/**
 * Objects of a bucket, all under one prefix. Every request carries the MD5 of what it sends, which
 * the store checks; the SHA-256 is among an object's metadata.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final Logger LOG = LoggerFactory.getLogger(S3ObjectStore.class);

  /** Two processes may send the same file and complete each other's upload. */
  private static final int TRIES = 3;

  private final S3Client client;
  private final String bucket;
  private final String prefix;
  private final long partBytes;

  /**
   * Objects of a bucket.
   *
   * @param prefix of all names: empty, or ending with a slash
   * @param partBytes largest request body; S3 wants 5 MiB at least
   */
  public S3ObjectStore(S3Client client, String bucket, String prefix, long partBytes) {
    this.client = client;
    this.bucket = bucket;
    this.prefix = prefix;
    this.partBytes = partBytes;
  }

  /**
   * Throws when the bucket cannot be used.
   *
   * @throws dev.pawl.model.failure.PawlException CONFIG with the reason
   */
  void require() throws IOException {
    try {
      S3Failures.asking(
          place(),
          "a list of it",
          () -> client.listObjectsV2(request -> request.bucket(bucket).prefix(prefix).maxKeys(1)));
    } catch (NoSuchFileException unknown) {
      // A list of nothing is empty: some servers say so of keys that they do not know.
      throw new PawlException(
          FailureCause.CONFIG,
          "PAWL_STORE=%s: the server does not find it, or not its user: check the bucket and the AWS credentials"
              .formatted(place()),
          unknown);
    }
  }

  @Override
  public String place() {
    return "s3://%s/%s".formatted(bucket, prefix);
  }

  private String key(String name) {
    return prefix + ObjectNames.require(name, "the artifact store");
  }

  @Override
  public void put(String name, Path file, FileDigest digest, ByteProgress progress)
      throws IOException {
    String key = key(name);
    for (int attempt = 1; true; attempt++) {
      try {
        send(name, new S3Upload(client, bucket, key, file, digest, partBytes, progress));
        return;
      } catch (NoSuchUploadException completed) {
        Optional<StoredObject> there = find(name);
        if (there.isPresent()
            && there.get().bytes() == digest.bytes()
            && there.get().sha256().equals(Optional.of(digest.sha256()))) {
          return;
        }
        if (attempt == TRIES) {
          throw new IOException(
              "%s: its upload was ended by somebody else".formatted(name), completed);
        }
      }
    }
  }

  private void send(String name, S3Upload upload) throws IOException {
    Optional<IOException> trouble =
        S3Failures.asking(
            place(),
            name,
            () -> {
              try {
                upload.run();
                return Optional.empty();
              } catch (IOException unreadable) {
                return Optional.of(unreadable);
              }
            });
    if (trouble.isPresent()) {
      throw trouble.get();
    }
  }

  @Override
  public InputStream read(String name, long offset) throws IOException {
    String key = key(name);
    return S3Failures.asking(
        place(),
        name,
        () ->
            client.getObject(
                request -> {
                  request.bucket(bucket).key(key);
                  if (offset > 0) {
                    request.range("bytes=%d-".formatted(offset));
                  }
                }));
  }

  @Override
  public Optional<StoredObject> find(String name) throws IOException {
    String key = key(name);
    try {
      HeadObjectResponse head =
          S3Failures.asking(
              place(), name, () -> client.headObject(request -> request.bucket(bucket).key(key)));
      return Optional.of(
          new StoredObject(
              name,
              head.contentLength(),
              Optional.ofNullable(head.metadata().get(S3Upload.SHA256))));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  @Override
  public List<StoredObject> list(String under) throws IOException {
    List<StoredObject> found = new ArrayList<>();
    S3Failures.asking(
        place(),
        under,
        () -> {
          client
              .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix + under))
              .contents()
              .forEach(
                  object ->
                      name(object.key())
                          .ifPresent(
                              name ->
                                  found.add(
                                      new StoredObject(name, object.size(), Optional.empty()))));
          return found;
        });
    return found;
  }

  /** The name of a key; none of one that is not ours, which nobody is asked to follow. */
  private Optional<String> name(String key) {
    String name = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
    if (!ObjectNames.isSafe(name)) {
      LOG.warn("{} lists an object whose name is not one of Pawl's; it is passed over", place());
      return Optional.empty();
    }
    return Optional.of(name);
  }

  @Override
  public SortedSet<String> folders(String under) throws IOException {
    SortedSet<String> found = new TreeSet<>();
    S3Failures.asking(
        place(),
        under,
        () -> {
          client
              .listObjectsV2Paginator(
                  request -> request.bucket(bucket).prefix(prefix + under).delimiter("/"))
              .commonPrefixes()
              .forEach(
                  common -> {
                    String part = common.prefix().substring((prefix + under).length());
                    String folder =
                        part.endsWith("/") ? part.substring(0, part.length() - 1) : part;
                    if (ObjectNames.isSafePart(folder)) {
                      found.add(folder);
                    }
                  });
          return found;
        });
    return found;
  }

  @Override
  public void delete(String name) throws IOException {
    String key = key(name);
    S3Failures.asking(
        place(), name, () -> client.deleteObject(request -> request.bucket(bucket).key(key)));
  }

  @Override
  public void deleteUnfinished(String under) throws IOException {
    S3Failures.asking(
        place(),
        under,
        () -> {
          for (MultipartUpload upload :
              client
                  .listMultipartUploadsPaginator(
                      request -> request.bucket(bucket).prefix(prefix + under))
                  .uploads()) {
            abort(upload);
          }
          return under;
        });
  }

  private void abort(MultipartUpload upload) {
    try {
      client.abortMultipartUpload(
          request -> request.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
    } catch (NoSuchUploadException gone) {
      LOG.debug("{}: its upload has ended", upload.key());
    }
  }
}
