package dev.pawl.cli;

import dev.pawl.workflows.RunAttributes;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.common.SearchAttributeKey;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pawl's search attributes in a namespace: they must be there before a workflow has them. Where
 * they are not, and may not be made, workflows go without.
 */
final class NamespaceAttributes {
  private static final Logger LOG = LoggerFactory.getLogger(NamespaceAttributes.class);
  private static final long ANSWER_SECONDS = 10;
  private static final int LOOKS = 40;
  private static final long LOOK_AGAIN_MILLIS = 500;

  private NamespaceAttributes() {}

  /** Whether the namespace has them, now or since this call; says otherwise what would help. */
  static boolean ready(WorkflowClient client) {
    String namespace = client.getOptions().getNamespace();
    OperatorServiceStubs operator = operator(client.getWorkflowServiceStubs());
    try {
      List<String> missing = missing(operator, namespace);
      if (missing.isEmpty()) {
        return true;
      }
      add(operator, namespace, missing);
      return appeared(operator, namespace);
    } catch (StatusRuntimeException refused) {
      LOG.info("no search attributes", refused);
      System.err.printf(
          "note: workflows go without search attributes (%s); whoever may can make them:%n  %s%n",
          refused.getStatus().getCode(), remedy(namespace));
      return false;
    }
  }

  /**
   * Names of those that the namespace lacks.
   *
   * @throws StatusRuntimeException where the server does not say
   */
  static List<String> missing(WorkflowServiceStubs service, String namespace) {
    return missing(operator(service), namespace);
  }

  private static OperatorServiceStubs operator(WorkflowServiceStubs service) {
    return OperatorServiceStubs.newServiceStubs(
        OperatorServiceStubsOptions.newBuilder()
            .setChannel(service.getRawChannel())
            .validateAndBuildWithDefaults());
  }

  private static List<String> missing(OperatorServiceStubs operator, String namespace) {
    Set<String> there =
        operator
            .blockingStub()
            .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
            .listSearchAttributes(
                ListSearchAttributesRequest.newBuilder().setNamespace(namespace).build())
            .getCustomAttributesMap()
            .keySet();
    List<String> missing = new ArrayList<>();
    for (SearchAttributeKey<String> key : RunAttributes.ALL) {
      if (!there.contains(key.getName())) {
        missing.add(key.getName());
      }
    }
    return missing;
  }

  private static void add(OperatorServiceStubs operator, String namespace, List<String> names) {
    AddSearchAttributesRequest.Builder request =
        AddSearchAttributesRequest.newBuilder().setNamespace(namespace);
    names.forEach(
        name -> request.putSearchAttributes(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
    operator
        .blockingStub()
        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
        .addSearchAttributes(request.build());
  }

  // A server tells its parts about them within seconds.
  private static boolean appeared(OperatorServiceStubs operator, String namespace) {
    for (int look = 0; look < LOOKS; look++) {
      if (missing(operator, namespace).isEmpty()) {
        return true;
      }
      try {
        Thread.sleep(LOOK_AGAIN_MILLIS);
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  /** What whoever may runs to make them. */
  static String remedy(String namespace) {
    StringBuilder command = new StringBuilder("temporal operator search-attribute create");
    command.append(" --namespace ").append(namespace);
    for (SearchAttributeKey<String> key : RunAttributes.ALL) {
      command.append(" --name ").append(key.getName()).append(" --type Keyword");
    }
    return command.toString();
  }
}
