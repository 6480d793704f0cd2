package dev.pawl.cli;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.History;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse;
import io.temporal.api.workflowservice.v1.ListClosedWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListOpenWorkflowExecutionsRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.ArrayList;
import java.util.List;

/** What a Temporal server has stored, as it has stored it. */
final class Histories {
  private static final String NAMESPACE = "default";

  private Histories() {}

  /** Of every workflow, open or closed. */
  static List<History> all(WorkflowServiceStubs service) {
    List<WorkflowExecution> executions = new ArrayList<>();
    service
        .blockingStub()
        .listClosedWorkflowExecutions(
            ListClosedWorkflowExecutionsRequest.newBuilder().setNamespace(NAMESPACE).build())
        .getExecutionsList()
        .forEach(info -> executions.add(info.getExecution()));
    service
        .blockingStub()
        .listOpenWorkflowExecutions(
            ListOpenWorkflowExecutionsRequest.newBuilder().setNamespace(NAMESPACE).build())
        .getExecutionsList()
        .forEach(info -> executions.add(info.getExecution()));
    return executions.stream().map(each -> of(service, each)).toList();
  }

  /** Of one workflow. */
  static History of(WorkflowServiceStubs service, WorkflowExecution execution) {
    History.Builder history = History.newBuilder();
    ByteString next = ByteString.EMPTY;
    do {
      GetWorkflowExecutionHistoryResponse page =
          service
              .blockingStub()
              .getWorkflowExecutionHistory(
                  GetWorkflowExecutionHistoryRequest.newBuilder()
                      .setNamespace(NAMESPACE)
                      .setExecution(execution)
                      .setNextPageToken(next)
                      .build());
      history.addAllEvents(page.getHistory().getEventsList());
      next = page.getNextPageToken();
    } while (!next.isEmpty());
    return history.build();
  }
}
