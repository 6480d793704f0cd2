package dev.pawl.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.workflows.ChangedRuns.DroppedBeginning;
import dev.pawl.workflows.ChangedRuns.GuardedChange;
import dev.pawl.workflows.ChangedRuns.UnguardedChange;
import dev.pawl.workflows.RecordedHistories.Recorded;
import io.temporal.api.enums.v1.EventType;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.ReplayResults;
import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Workflows that were started by a release must still be led to their end by this code. {@link
 * HistoryRecording} records the histories of a release; CONTRIBUTING.md says when.
 */
class HistoryReplayTest {
  private static final String RUN = "RunWorkflow";

  private static List<Recorded> recorded = List.of();

  @BeforeAll
  static void read() throws IOException {
    recorded = RecordedHistories.all();
  }

  @Test
  void everyRecordedHistoryReplays() throws Exception {
    List<String> problems =
        problems(
            recorded,
            ExperimentWorkflowImpl.class,
            SweepWorkflowImpl.class,
            EarlyStoppingWorkflowImpl.class,
            RunWorkflowImpl.class);

    assertEquals(List.of(), problems);
  }

  @Test
  void everyReleaseHasEveryWorkflowWithEveryEndOfIt() {
    Set<String> wanted =
        new TreeSet<>(
            Set.of(
                "EarlyStoppingWorkflow CANCELED",
                "EarlyStoppingWorkflow COMPLETED",
                "EarlyStoppingWorkflow CONTINUED_AS_NEW",
                "ExperimentWorkflow CANCELED",
                "ExperimentWorkflow COMPLETED",
                "RunWorkflow CANCELED",
                "RunWorkflow COMPLETED",
                "RunWorkflow FAILED",
                "SweepWorkflow CANCELED",
                "SweepWorkflow COMPLETED",
                "SweepWorkflow CONTINUED_AS_NEW"));
    Set<String> releases =
        recorded.stream().map(Recorded::release).collect(Collectors.toCollection(TreeSet::new));

    assertFalse(releases.isEmpty(), "no histories in " + RecordedHistories.FOLDER);
    for (String release : releases) {
      Set<String> there =
          recorded.stream()
              .filter(each -> each.release().equals(release))
              .map(each -> each.workflow() + " " + word(each.end()))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(wanted, there, release);
    }
  }

  /** Otherwise a green replay would tell nothing. */
  @ParameterizedTest
  @ValueSource(classes = {DroppedBeginning.class, UnguardedChange.class})
  void aChangeThatOldHistoriesDoNotKnowIsFound(Class<?> changed) throws Exception {
    List<Recorded> runs = runs();

    List<String> problems = problems(runs, changed);

    assertEquals(runs.size(), problems.size(), String.join("\n", problems));
  }

  @Test
  void theSameChangeBehindAVersionReplays() throws Exception {
    assertEquals(List.of(), problems(runs(), GuardedChange.class));
  }

  private static List<Recorded> runs() {
    List<Recorded> runs = recorded.stream().filter(each -> each.workflow().equals(RUN)).toList();
    assertTrue(runs.size() >= 3, runs.size() + " histories of runs");
    return runs;
  }

  private static List<String> problems(List<Recorded> histories, Class<?>... workflows)
      throws Exception {
    List<WorkflowExecutionHistory> given = histories.stream().map(Recorded::history).toList();
    ReplayResults results = WorkflowReplayer.replayWorkflowExecutions(given, false, workflows);
    return results.allErrors().stream()
        .map(error -> error.workflowId + ": " + error.exception)
        .toList();
  }

  private static String word(EventType end) {
    return end.name().replace("EVENT_TYPE_WORKFLOW_EXECUTION_", "");
  }
}
