package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With a key, a server stores nothing that it could read; without one, it does. */
class EncryptedHistoryTest {
  private static final String QUEUE = "echo";
  private static final List<String> WORDS =
      List.of("asked-by-everybody", "told-the-activity", "failed-in-words", "answered-aloud");

  /** Takes words in and gives words out. */
  @WorkflowInterface
  public interface Echo {
    @WorkflowMethod
    String echo(String words);
  }

  /** Fails in words. */
  @ActivityInterface
  public interface Complaint {
    String complain(String words);
  }

  /** Asks, is told off, and answers. */
  public static final class EchoImpl implements Echo {
    private final Complaint complaint =
        Workflow.newActivityStub(
            Complaint.class,
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofSeconds(10))
                .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
                .build());

    @Override
    public String echo(String words) {
      try {
        return complaint.complain(WORDS.get(1));
      } catch (ActivityFailure failed) {
        ApplicationFailure cause = (ApplicationFailure) failed.getCause();
        return WORDS.get(3) + ": " + cause.getOriginalMessage();
      }
    }
  }

  /** Throws what it says. */
  public static final class ComplaintImpl implements Complaint {
    @Override
    public String complain(String words) {
      throw ApplicationFailure.newNonRetryableFailure(WORDS.get(2), "DATA");
    }
  }

  @Test
  void aKeyHidesInputsResultsAndFailures() throws IOException {
    try (SecuredTemporal server = SecuredTemporal.open()) {
      String open = stored(server, "open", Map.of());
      WORDS.forEach(word -> assertTrue(open.contains(word), word));

      String key = key("thirty-two bytes are a good key.");
      String closed = stored(server, "closed", Map.of("PAWL_PAYLOAD_KEY", key));
      WORDS.forEach(word -> assertFalse(closed.contains(word), word));
      assertTrue(closed.contains("binary/encrypted"));

      // Who has another key, or none, is told which one it lacks.
      for (Map<String, String> other :
          List.of(
              Map.of("PAWL_PAYLOAD_KEY", key("another one of thirty-two bytes.")),
              Map.<String, String>of())) {
        try (TemporalConnection connection = TemporalConnection.open(environment(server, other))) {
          WorkflowStub stub = connection.client().newUntypedWorkflowStub("closed");
          RuntimeException e =
              assertThrows(RuntimeException.class, () -> stub.getResult(String.class));
          assertTrue(words(e).contains("PAWL_PAYLOAD_KEY_FILE"), words(e));
        }
      }
    }
  }

  private static String key(String bytes) {
    return Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.US_ASCII));
  }

  private static String words(Throwable thrown) {
    StringBuilder words = new StringBuilder();
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      words.append(each.getMessage()).append('\n');
    }
    return words.toString();
  }

  private static Map<String, String> environment(SecuredTemporal server, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("TEMPORAL_ADDRESS", server.address());
    return environment;
  }

  /** Runs a workflow and returns the bytes of its history as text. */
  private static String stored(SecuredTemporal server, String id, Map<String, String> more)
      throws IOException {
    try (TemporalConnection connection = TemporalConnection.open(environment(server, more))) {
      WorkerFactory workers = WorkerFactory.newInstance(connection.client());
      Worker worker = workers.newWorker(QUEUE);
      worker.registerWorkflowImplementationTypes(EchoImpl.class);
      worker.registerActivitiesImplementations(new ComplaintImpl());
      workers.start();
      try {
        String answer =
            connection
                .client()
                .newWorkflowStub(
                    Echo.class,
                    WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId(id).build())
                .echo(WORDS.get(0));
        assertEquals(WORDS.get(3) + ": " + WORDS.get(2), answer);
      } finally {
        workers.shutdownNow();
      }
    }
    WorkflowServiceStubs within = server.within();
    try {
      return Histories.of(within, WorkflowExecution.newBuilder().setWorkflowId(id).build())
          .toByteString()
          .toString(StandardCharsets.ISO_8859_1);
    } finally {
      within.shutdownNow();
    }
  }
}
