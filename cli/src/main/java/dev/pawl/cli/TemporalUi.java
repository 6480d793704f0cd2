package dev.pawl.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Links to workflows in Temporal's web pages, where PAWL_TEMPORAL_UI says where those are. */
final class TemporalUi {
  private final Optional<String> base;
  private final String namespace;

  private TemporalUi(Optional<String> base, String namespace) {
    this.base = base;
    this.namespace = namespace;
  }

  /** The pages that an environment names. */
  static TemporalUi of(Map<String, String> environment) {
    String namespace = environment.getOrDefault("TEMPORAL_NAMESPACE", "");
    return of(environment, namespace.isBlank() ? "default" : namespace);
  }

  /** The same, where the namespace is known. */
  static TemporalUi of(Map<String, String> environment, String namespace) {
    String given = environment.getOrDefault("PAWL_TEMPORAL_UI", "").strip();
    String base = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
    return new TemporalUi(base.isEmpty() ? Optional.empty() : Optional.of(base), namespace);
  }

  /** The page of a workflow; empty where nobody said where pages are. */
  Optional<String> link(String workflowId) {
    return base.map(
        address ->
            "%s/namespaces/%s/workflows/%s"
                .formatted(address, encoded(namespace), encoded(workflowId)));
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
