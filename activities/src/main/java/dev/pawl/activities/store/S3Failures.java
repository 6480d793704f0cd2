package dev.pawl.activities.store;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Words what an S3 client throws, so that what may pass is tried again and what cannot is not. */
final class S3Failures {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int MOVED = 301;

  /** Not every server gives these their status. */
  private static final Set<String> REFUSALS =
      Set.of(
          "AccessDenied",
          "ExpiredToken",
          "InvalidAccessKeyId",
          "InvalidToken",
          "SignatureDoesNotMatch");

  private S3Failures() {}

  /** Something asked of the store. */
  @FunctionalInterface
  interface Call<T> {
    T ask();
  }

  /**
   * Asks.
   *
   * @param what name of the object or folder that is asked about
   * @throws NoSuchFileException when there is none
   * @throws NoSuchUploadException when the upload that is gone on with has ended
   * @throws PawlException CONFIG when the bucket, the right to use it or the credentials are
   *     missing
   */
  static <T> T asking(String place, String what, Call<T> call) throws IOException {
    try {
      return call.ask();
    } catch (NoSuchUploadException ended) {
      throw ended;
    } catch (NoSuchBucketException e) {
      throw setting(place, "there is no such bucket", e);
    } catch (S3Exception e) {
      throw refused(place, what, e);
    } catch (SdkClientException e) {
      throw unsent(place, what, e);
    } catch (SdkException e) {
      throw new IOException("%s of %s: %s".formatted(what, place, e.getMessage()), e);
    }
  }

  private static IOException refused(String place, String what, S3Exception e) {
    String code =
        e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorCode());
    if (e.statusCode() == NOT_FOUND && code.equals("NoSuchBucket")) {
      throw setting(place, "there is no such bucket", e);
    }
    if (e.statusCode() == FORBIDDEN || e.statusCode() == UNAUTHORIZED || REFUSALS.contains(code)) {
      throw setting(
          place,
          "the store refuses %s (%s): check the AWS credentials and that they may list, read, write and delete there"
              .formatted(what, code.isEmpty() ? String.valueOf(e.statusCode()) : code),
          e);
    }
    if (e.statusCode() == NOT_FOUND) {
      NoSuchFileException absent = new NoSuchFileException(what);
      absent.initCause(e);
      return absent;
    }
    if (e.statusCode() == MOVED || code.equals("AuthorizationHeaderMalformed")) {
      throw setting(place, "the bucket is in another region: set AWS_REGION", e);
    }
    return new IOException(
        "%s of %s: %s".formatted(what, place, e.awsErrorDetails() == null ? e : e.getMessage()), e);
  }

  // Credentials and regions that are nowhere to be found are a client's failure, as is a network
  // that is down; only the words tell them apart.
  private static IOException unsent(String place, String what, SdkClientException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("Unable to load credentials")
        || message.contains("Unable to load region")
        || message.contains("Profile file contained no credentials")) {
      throw setting(place, message, e);
    }
    return new IOException("%s of %s: %s".formatted(what, place, message), e);
  }

  private static PawlException setting(String place, String why, SdkException cause) {
    return new PawlException(FailureCause.CONFIG, "PAWL_STORE=%s: %s".formatted(place, why), cause);
  }
}
