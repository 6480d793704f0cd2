package dev.pawl.workflows;

import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workflows that were started before a change of code must still be led to their end after it. */
class HistoryReplayTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"experiment-failing", "run-alone", "run-fan", "run-r1", "run-r2", "run-two-bad"})
  void aRecordedHistoryReplays(String workflowId) throws Exception {
    WorkflowExecutionHistory history =
        WorkflowExecutionHistory.fromJson(read(workflowId + ".json"), workflowId);
    WorkflowReplayer.replayWorkflowExecution(
        history, ExperimentWorkflowImpl.class, RunWorkflowImpl.class);
  }

  private static String read(String name) throws IOException {
    try (InputStream in = HistoryReplayTest.class.getResourceAsStream("histories/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
