package dev.pawl.activities.store;

import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * One file on its way into a bucket: at once when it is small, else in parts. Parts that an
 * interrupted try has sent, and that the store has with the right MD5, are not sent again; a store
 * whose ETags are no MD5 gets them all.
 */
final class S3Upload {
  private static final long MOST_PARTS = 10_000;

  /** Name of the digest among an object's metadata. */
  static final String SHA256 = "sha256";

  private final S3Client client;
  private final String bucket;
  private final String key;
  private final Path file;
  private final FileDigest digest;
  private final long partBytes;
  private final ByteProgress progress;

  S3Upload(
      S3Client client,
      String bucket,
      String key,
      Path file,
      FileDigest digest,
      long partBytes,
      ByteProgress progress) {
    this.client = client;
    this.bucket = bucket;
    this.key = key;
    this.file = file;
    this.digest = digest;
    this.partBytes = Math.max(partBytes, (digest.bytes() + MOST_PARTS - 1) / MOST_PARTS);
    this.progress = progress;
  }

  void run() throws IOException {
    if (digest.bytes() <= partBytes) {
      whole();
    } else {
      inParts();
    }
  }

  private void whole() throws IOException {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(Math.toIntExact(partBytes) + 1);
    }
    MessageDigest sha256 = FileDigests.sha256();
    sha256.update(content);
    requireSame(content.length, sha256);
    client.putObject(
        request ->
            request
                .bucket(bucket)
                .key(key)
                .contentMD5(Base64.getEncoder().encodeToString(md5(content, content.length)))
                .metadata(Map.of(SHA256, digest.sha256())),
        RequestBody.fromBytes(content));
    progress.advance(content.length);
  }

  private void requireSame(long bytes, MessageDigest sha256) throws DamagedObjectException {
    FolderObjectStore.requireSame(
        file, digest, new FileDigest(bytes, HexFormat.of().formatHex(sha256.digest())));
  }

  private void inParts() throws IOException {
    String upload = unfinished().orElseGet(this::begin);
    Map<Integer, Part> sent = sent(upload);
    List<CompletedPart> parts = new ArrayList<>();
    MessageDigest sha256 = FileDigests.sha256();
    byte[] buffer = new byte[Math.toIntExact(partBytes)];
    long bytes = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int number = 1; true; number++) {
        int n = in.readNBytes(buffer, 0, buffer.length);
        if (n == 0) {
          break;
        }
        sha256.update(buffer, 0, n);
        bytes += n;
        String tag = tag(upload, number, buffer, n, sent.get(number));
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        progress.advance(n);
      }
    }
    try {
      requireSame(bytes, sha256);
    } catch (DamagedObjectException changed) {
      client.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(upload));
      throw changed;
    }
    client.completeMultipartUpload(
        request ->
            request
                .bucket(bucket)
                .key(key)
                .uploadId(upload)
                .multipartUpload(all -> all.parts(parts)));
  }

  /** The newest upload of this name that was begun and not completed. */
  private Optional<String> unfinished() {
    return client
        .listMultipartUploadsPaginator(request -> request.bucket(bucket).prefix(key))
        .uploads()
        .stream()
        .filter(upload -> upload.key().equals(key))
        .max(Comparator.comparing(MultipartUpload::initiated))
        .map(MultipartUpload::uploadId);
  }

  private String begin() {
    return client
        .createMultipartUpload(
            request -> request.bucket(bucket).key(key).metadata(Map.of(SHA256, digest.sha256())))
        .uploadId();
  }

  private Map<Integer, Part> sent(String upload) {
    Map<Integer, Part> sent = new HashMap<>();
    client
        .listPartsPaginator(request -> request.bucket(bucket).key(key).uploadId(upload))
        .parts()
        .forEach(part -> sent.put(part.partNumber(), part));
    return sent;
  }

  private String tag(String upload, int number, byte[] buffer, int length, @Nullable Part there) {
    byte[] md5 = md5(buffer, length);
    if (there != null
        && there.size() == length
        && there.eTag().replace("\"", "").equals(HexFormat.of().formatHex(md5))) {
      return there.eTag();
    }
    return client
        .uploadPart(
            request ->
                request
                    .bucket(bucket)
                    .key(key)
                    .uploadId(upload)
                    .partNumber(number)
                    .contentMD5(Base64.getEncoder().encodeToString(md5))
                    .contentLength((long) length),
            // The client reads it before it returns: the buffer may be used again then.
            RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(buffer, 0, length),
                length,
                "application/octet-stream"))
        .eTag();
  }

  private static byte[] md5(byte[] content, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(content, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
