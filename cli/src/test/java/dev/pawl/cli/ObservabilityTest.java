package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.cli.observe.Observability;
import dev.pawl.cli.observe.ObserveSettings;
import dev.pawl.db.Database;
import dev.pawl.db.TestDatabase;
import dev.pawl.experiments.Experiments;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.Planner;
import dev.pawl.model.torch.Torch;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One small run, seen through its metrics, its traces and the dashboard. */
class ObservabilityTest {
  private static final String YAML =
      """
      experiment: seen
      dataset: {stories: {documents: 120, valid_documents: 20, task_documents: 10}}
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
      training:
        max_length: 64
        total_batch_size: 4
        num_train_steps: 120
        learning_rate: 1e-3
        save_steps: 40
        logging_steps: 20
      evaluation: {tasks: []}
      generation: {shapes: []}
      threads: 2
      """;

  private static final double TOKENS = 120 * 4 * 64;
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:pawl|temporal|hikaricp|jvm|process|logback)_[a-z_]+\\b");

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void aRunIsSeenInMetricsTracesAndDashboard() throws Exception {
    Path file = Files.writeString(folder.resolve("seen.yaml"), YAML);
    LoadedExperiment loaded = Experiments.load(file, List.of());
    Plan plan =
        Planner.plans(loaded).apply(new Machine(Torch.deviceKind(), loaded.spec().threads()));
    String run = plan.runs().get(0).id();
    Seen seen;
    List<OtlpCollector.Span> spans;
    try (OtlpCollector collector = new OtlpCollector()) {
      try (OrderlyStop stop = new OrderlyStop()) {
        Database database = stop.closing(TestDatabase.fresh());
        Observability observability =
            stop.closing(
                Observability.start(
                    new ObserveSettings(
                        Optional.of(0),
                        ObserveSettings.LOOPBACK,
                        "9.9",
                        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())),
                    database));
        Submission submission = new Submission(database, folder);
        submission.register(loaded, plan);
        Execution execution =
            new Execution(database, folder, loaded.spec().threads(), stop, observability);
        seen =
            scraping(
                observability.url().orElseThrow(),
                () -> execution.run(submission.request(plan), Format.json));
      }
      spans = List.copyOf(collector.spans());
    }
    counted(seen, run);
    followed(spans, plan.experimentId(), run);
    shown(seen.names());
  }

  /** What metrics said while something went on, and after it. */
  private record Seen(Set<String> names, String during, String after) {}

  private Seen scraping(String url, Callable<Integer> work) throws Exception {
    Set<String> names = new TreeSet<>();
    StringBuilder during = new StringBuilder();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<Integer> code = thread.submit(work);
    while (!code.isDone()) {
      String text = scrape(url, names);
      text.lines().filter(line -> line.contains("run=\"")).forEach(during::append);
      Thread.sleep(40);
    }
    assertEquals(ExitCode.DONE, code.get());
    thread.shutdown();
    // The Temporal SDK hands over what it counted once a second.
    TimeUnit.MILLISECONDS.sleep(1_100);
    return new Seen(names, during.toString(), scrape(url, names));
  }

  private String scrape(String url, Set<String> names) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode());
    response
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> names.add(line.split("[{ ]", 2)[0]));
    return response.body();
  }

  private static void counted(Seen seen, String run) {
    String after = seen.after();
    assertEquals(
        1, value(after, "pawl_stages_total{cause=\"none\",outcome=\"done\",stage=\"pretrain\"}"));
    assertEquals(TOKENS, value(after, "pawl_training_tokens_total"));
    assertEquals(120, value(after, "pawl_training_step_seconds_count"));
    assertEquals(3, value(after, "pawl_checkpoint_seconds_count{phase=\"write\"}"));
    assertTrue(value(after, "pawl_checkpoint_bytes_total") > 10_000, after);
    assertEquals(1, value(after, "pawl_queue_wait_seconds_count{stage=\"pretrain\"}"));
    assertEquals(0, value(after, "pawl_stages_running{stage=\"pretrain\"}"));
    double work = value(after, "pawl_goodput_seconds_total{kind=\"work\",stage=\"pretrain\"}");
    double whole = value(after, "pawl_stage_seconds_sum{outcome=\"done\",stage=\"pretrain\"}");
    assertTrue(work > 0 && work < whole, work + " of " + whole);
    assertEquals(1, value(after, "pawl_build{version=\"9.9\"}"));
    // A run is a label while it goes on, and not after.
    assertTrue(seen.during().contains("pawl_training_tokens_per_second{"), seen.during());
    assertTrue(seen.during().contains("run=\"" + run + "\""), seen.during());
    assertFalse(after.contains("run=\""), after);
  }

  private static double value(String metrics, String series) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + series + " in\n" + metrics));
  }

  private static void followed(List<OtlpCollector.Span> spans, String experiment, String run) {
    OtlpCollector.Span request = one(spans, "StartWorkflow:ExperimentWorkflow", "");
    OtlpCollector.Span workflow = one(spans, "RunWorkflow:RunWorkflow", "");
    OtlpCollector.Span activity = one(spans, "RunActivity:Pretrain", "");
    OtlpCollector.Span execute = one(spans, "execute", "pretrain");
    Set<String> traces = spans.stream().map(OtlpCollector.Span::trace).collect(Collectors.toSet());
    assertEquals(Set.of(request.trace()), traces);
    assertEquals(experiment, request.attributes().get("pawl.experiment.id"));
    assertEquals(run, workflow.attributes().get("pawl.run.id"));
    assertEquals(run, activity.attributes().get("pawl.run.id"));
    assertEquals("pretrain", activity.attributes().get("pawl.stage"));
    assertEquals("1", activity.attributes().get("pawl.attempt"));
    assertEquals("done", activity.attributes().get("pawl.outcome"));
    assertEquals(activity.id(), execute.parent());
    assertEquals(activity.id(), one(spans, "claim", "pretrain").parent());
    assertEquals(activity.id(), one(spans, "publish", "pretrain").parent());
    // The activity's beginning leads over the workflow to whoever asked.
    assertNotEquals("", activity.parent());
    assertEquals("pawl", activity.resource().get("service.name"));
    assertEquals("9.9", activity.resource().get("service.version"));
    List<OtlpCollector.Span> saves =
        spans.stream().filter(span -> span.name().equals("checkpoint_write")).toList();
    assertEquals(3, saves.size());
    saves.forEach(save -> assertEquals(activity.id(), save.parent()));
  }

  private static OtlpCollector.Span one(List<OtlpCollector.Span> spans, String name, String stage) {
    List<OtlpCollector.Span> found =
        spans.stream()
            .filter(span -> span.name().equals(name))
            .filter(span -> stage.isEmpty() || stage.equals(span.attributes().get("pawl.stage")))
            .toList();
    assertEquals(
        1,
        found.size(),
        () -> name + " in " + spans.stream().map(OtlpCollector.Span::name).toList());
    return found.get(0);
  }

  /** Every metric that the dashboard asks for exists. */
  private static void shown(Set<String> exported) throws Exception {
    Path dashboard = DocsPages.of("dashboard/pawl.json");
    Set<String> asked = new TreeSet<>();
    for (String query : new ObjectMapper().readTree(dashboard.toFile()).findValuesAsText("expr")) {
      Matcher names = METRIC.matcher(query);
      while (names.find()) {
        asked.add(names.group());
      }
    }
    Matcher alarms = METRIC.matcher(Files.readString(DocsPages.of("dashboard/pawl-alerts.yml")));
    while (alarms.find()) {
      asked.add(alarms.group());
    }
    assertTrue(asked.size() > 20, asked.toString());
    Set<String> missing = new TreeSet<>(asked);
    missing.removeAll(exported);
    assertEquals(Set.of(), missing, () -> "not exported; what is: " + exported);
  }
}
