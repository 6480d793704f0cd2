package dev.pawl.cli;

import dev.pawl.db.Secrets;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Asks a Temporal server who it is, so that what is wrong is known before any work waits for it.
 */
final class TemporalReach {
  private static final long PAUSE_MILLISECONDS = 250;
  private static final long ONE_ANSWER_SECONDS = 5;

  private TemporalReach() {}

  /**
   * The server's answer; a server that is only just starting is waited for.
   *
   * @param patienceSeconds how long
   * @throws PawlException INFRASTRUCTURE or CONFIG, with the variables to look at
   */
  static GetSystemInfoResponse ask(
      WorkflowServiceStubs service, TemporalProfile profile, long patienceSeconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
    while (true) {
      try {
        return service
            .blockingStub()
            .withDeadlineAfter(ONE_ANSWER_SECONDS, TimeUnit.SECONDS)
            .getSystemInfo(GetSystemInfoRequest.getDefaultInstance());
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
          return GetSystemInfoResponse.getDefaultInstance();
        }
        if (!mayPass(e) || System.nanoTime() > end || !paused()) {
          throw problem(profile, e);
        }
      }
    }
  }

  private static boolean mayPass(StatusRuntimeException e) {
    return e.getStatus().getCode() == Status.Code.UNAVAILABLE && !isTls(e);
  }

  private static boolean isTls(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof SSLException) {
        return true;
      }
    }
    return false;
  }

  private static boolean paused() {
    try {
      Thread.sleep(PAUSE_MILLISECONDS);
      return true;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static PawlException problem(TemporalProfile profile, StatusRuntimeException e) {
    boolean refused =
        e.getStatus().getCode() == Status.Code.UNAUTHENTICATED
            || e.getStatus().getCode() == Status.Code.PERMISSION_DENIED;
    String remedy;
    if (refused) {
      remedy = "Check TEMPORAL_API_KEY (or the client's certificate) and TEMPORAL_NAMESPACE";
    } else if (profile.encrypted()) {
      remedy =
          "Check TEMPORAL_ADDRESS, TEMPORAL_TLS_SERVER_CA_CERT_PATH, TEMPORAL_TLS_SERVER_NAME, TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH";
    } else {
      remedy =
          "Check TEMPORAL_ADDRESS, set TEMPORAL_TLS=true if the server wants TLS, or unset both to use the embedded server";
    }
    return new PawlException(
        refused ? FailureCause.CONFIG : FailureCause.INFRASTRUCTURE,
        "the Temporal server (%s) cannot be reached: %s. %s"
            .formatted(profile, Secrets.masked(reason(e)), remedy),
        e);
  }

  // The status first, then the innermost words, which are the plainest ones.
  private static String reason(StatusRuntimeException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String status = String.valueOf(e.getMessage());
    return root == e ? status : status + " (" + root.getMessage() + ")";
  }
}
