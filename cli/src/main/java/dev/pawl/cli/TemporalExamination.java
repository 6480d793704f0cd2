package dev.pawl.cli;

import dev.pawl.model.failure.PawlException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The Temporal server: whether it answers, to whom, and what of it is readable by others. */
final class TemporalExamination {
  private static final long SECONDS = 5;

  private final Map<String, String> environment;

  TemporalExamination(Map<String, String> environment) {
    this.environment = environment;
  }

  List<Checkup> examine() {
    if (!TemporalProfile.isConfigured(environment)) {
      return List.of(
          Checkup.ok("temporal", "inside each process; TEMPORAL_ADDRESS would name a server"));
    }
    TemporalProfile profile = TemporalProfile.of(environment);
    List<Checkup> found = new ArrayList<>();
    WorkflowServiceStubs service = WorkflowServiceStubs.newServiceStubs(profile.service());
    try {
      found.add(server(service, profile));
      if (found.get(0).state() == Checkup.State.ok) {
        found.add(namespace(service, profile));
        if (found.get(1).state() == Checkup.State.ok) {
          found.add(searchAttributes(service, profile.namespace()));
        }
      }
    } finally {
      service.shutdownNow();
    }
    found.add(connection(profile));
    found.add(payloads(profile));
    return found;
  }

  private static Checkup server(WorkflowServiceStubs service, TemporalProfile profile) {
    try {
      GetSystemInfoResponse info = TemporalReach.ask(service, profile, 0);
      String version =
          info.getServerVersion().isEmpty() ? "" : " version " + info.getServerVersion();
      return Checkup.ok("temporal", "server%s at %s".formatted(version, profile.address()));
    } catch (PawlException e) {
      String message = String.valueOf(e.getMessage());
      int at = message.lastIndexOf(". Check ");
      return at < 0
          ? Checkup.failed("temporal", message, "see the message")
          : Checkup.failed("temporal", message.substring(0, at), message.substring(at + 2));
    }
  }

  private static Checkup namespace(WorkflowServiceStubs service, TemporalProfile profile) {
    String name = profile.namespace();
    try {
      DescribeNamespaceResponse described =
          service
              .blockingStub()
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
              .describeNamespace(DescribeNamespaceRequest.newBuilder().setNamespace(name).build());
      long days =
          TimeUnit.SECONDS.toDays(
              described.getConfig().getWorkflowExecutionRetentionTtl().getSeconds());
      return Checkup.ok(
          "namespace", days == 0 ? name : "%s, histories are kept %d days".formatted(name, days));
    } catch (StatusRuntimeException e) {
      Status.Code code = e.getStatus().getCode();
      if (code == Status.Code.NOT_FOUND) {
        return Checkup.failed(
            "namespace",
            name + " is not there",
            "set TEMPORAL_NAMESPACE, or make it: temporal operator namespace create --namespace "
                + name);
      }
      return code == Status.Code.PERMISSION_DENIED || code == Status.Code.UNIMPLEMENTED
          ? Checkup.warning(
              "namespace", name + " cannot be looked at: " + code, "ask who runs the server")
          : Checkup.failed("namespace", name + ": " + e.getMessage(), "ask who runs the server");
    }
  }

  private static Checkup searchAttributes(WorkflowServiceStubs service, String namespace) {
    try {
      List<String> missing = NamespaceAttributes.missing(service, namespace);
      return missing.isEmpty()
          ? Checkup.ok("search attributes", "all there")
          : Checkup.warning(
              "search attributes",
              "not there yet: " + String.join(", ", missing),
              "the first submission makes them, or: " + NamespaceAttributes.remedy(namespace));
    } catch (StatusRuntimeException e) {
      Status.Code code = e.getStatus().getCode();
      return code == Status.Code.UNIMPLEMENTED
          ? Checkup.ok("search attributes", "this server has none")
          : Checkup.warning(
              "search attributes",
              "cannot be looked at: " + code,
              "workflows go without, unless whoever may has made them");
    }
  }

  private static Checkup connection(TemporalProfile profile) {
    if (profile.exposure().isPresent()) {
      return Checkup.warning("temporal tls", "plain text", profile.exposure().get());
    }
    if (!profile.encrypted()) {
      return Checkup.ok(
          "temporal tls", "plain text, on this machine or as TEMPORAL_TLS=false says");
    }
    if (profile.trustsAnybody()) {
      return Checkup.warning(
          "temporal tls",
          "TLS, but to whomever answers",
          "unset TEMPORAL_TLS_DISABLE_HOST_VERIFICATION");
    }
    String who =
        (profile.hasCertificate() ? ", with a certificate of ours" : "")
            + (profile.hasApiKey() ? ", with an API key" : "");
    return Checkup.ok("temporal tls", "TLS, and the server's certificate is checked" + who);
  }

  private static Checkup payloads(TemporalProfile profile) {
    List<String> keys = profile.keys().ids();
    if (keys.isEmpty()) {
      return Checkup.ok(
          "payloads",
          "not encrypted: the server sees ids, digests and messages of failures; PAWL_PAYLOAD_KEY_FILE encrypts them");
    }
    return Checkup.ok(
        "payloads",
        "encrypted with key "
            + keys.get(0)
            + (keys.size() > 1 ? ", and %d older to read with".formatted(keys.size() - 1) : ""));
  }
}
