package dev.pawl.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.activities.artifact.DurableFiles;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A headless Chromium and one page in it, driven over its DevTools protocol. It has a folder of its
 * own and asks for nothing by itself.
 */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SECONDS = 60;

  private final Process process;
  private final Path folder;
  private final WebSocket socket;
  private final Page page;

  private Browser(Process process, Path folder, WebSocket socket, Page page) {
    this.process = process;
    this.folder = folder;
    this.socket = socket;
    this.page = page;
  }

  /** The program named by PAWL_TEST_BROWSER, or the first Chromium on the PATH. */
  static Optional<Path> program() {
    String named = System.getenv("PAWL_TEST_BROWSER");
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named));
    }
    for (String name : List.of("chromium", "chromium-browser", "google-chrome", "chrome")) {
      for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
        Path program = Path.of(folder, name);
        if (Files.isExecutable(program)) {
          return Optional.of(program);
        }
      }
    }
    return Optional.empty();
  }

  /** Starts it with a folder that is new and goes with it. */
  static Browser start(Path program) throws Exception {
    Path folder = Files.createTempDirectory("browser");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + folder,
                "--remote-debugging-port=0",
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      HttpClient client = HttpClient.newHttpClient();
      JsonNode target = null;
      int port = port(process, folder);
      for (int i = 0; i < 10 * SECONDS && target == null; i++) {
        for (JsonNode each : targets(client, port)) {
          if (each.path("type").asText().equals("page")) {
            target = each;
          }
        }
        Thread.sleep(100);
      }
      if (target == null) {
        throw new IllegalStateException("the browser has no page");
      }
      Page page = new Page();
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .buildAsync(URI.create(target.path("webSocketDebuggerUrl").asText()), page)
              .get(SECONDS, TimeUnit.SECONDS);
      Browser browser = new Browser(process, folder, socket, page);
      for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
        browser.call(domain + ".enable", Map.of());
      }
      return browser;
    } catch (Exception e) {
      process.destroyForcibly();
      DurableFiles.remove(folder);
      throw e;
    }
  }

  private static int port(Process process, Path folder) throws Exception {
    Path file = folder.resolve("DevToolsActivePort");
    for (int i = 0; i < 10 * SECONDS; i++) {
      if (Files.exists(file)) {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() >= 2) {
          return Integer.parseInt(lines.get(0));
        }
      }
      if (!process.isAlive()) {
        throw new IOException("the browser ended with " + process.exitValue());
      }
      Thread.sleep(100);
    }
    throw new IOException("the browser does not answer");
  }

  private static JsonNode targets(HttpClient client, int port) throws Exception {
    URI list = URI.create("http://127.0.0.1:" + port + "/json/list");
    return JSON.readTree(
        client
            .send(
                HttpRequest.newBuilder(list).timeout(Duration.ofSeconds(SECONDS)).build(),
                HttpResponse.BodyHandlers.ofString())
            .body());
  }

  /** Sends a command of the protocol and waits for its answer. */
  JsonNode call(String method, Map<String, ?> parameters) throws Exception {
    int id = page.ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    page.answers.put(id, answer);
    ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
    command.set("params", JSON.valueToTree(parameters));
    socket.sendText(command.toString(), true).get(SECONDS, TimeUnit.SECONDS);
    JsonNode reply = answer.get(SECONDS, TimeUnit.SECONDS);
    if (reply.has("error")) {
      throw new IllegalStateException(method + ": " + reply.path("error"));
    }
    return reply.path("result");
  }

  /** Opens a file as on a screen of a width, in light or dark, and waits until a script's word. */
  void open(Path file, int width, boolean dark, String until) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    value("void (window.stale = true)");
    call("Page.navigate", Map.of("url", file.toUri().toString()));
    for (int i = 0; i < 20 * SECONDS; i++) {
      if (value("!window.stale && Boolean(" + until + ")").asBoolean()) {
        return;
      }
      Thread.sleep(50);
    }
    throw new TimeoutException(until + " never came true; " + complaints());
  }

  /** What an expression is worth in the page. */
  JsonNode value(String expression) throws Exception {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** The whole page as a picture. */
  byte[] picture(int width) throws Exception {
    int height = value("document.documentElement.scrollHeight").asInt();
    JsonNode shot =
        call(
            "Page.captureScreenshot",
            Map.of(
                "format",
                "png",
                "captureBeyondViewport",
                true,
                "clip",
                Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)));
    return Base64.getDecoder().decode(shot.path("data").asText());
  }

  /** The page as it would be printed, a PDF. */
  byte[] print() throws Exception {
    JsonNode printed = call("Page.printToPDF", Map.of("printBackground", false));
    return Base64.getDecoder().decode(printed.path("data").asText());
  }

  /** Errors and warnings that the page, its scripts or its policy gave. */
  List<String> complaints() {
    return List.copyOf(page.complaints);
  }

  /** Complaints and requests until now are of no interest any more. */
  void forget() {
    page.complaints.clear();
    page.requests.clear();
  }

  /** What the page asked for. */
  List<String> requests() {
    return List.copyOf(page.requests);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    socket.abort();
    DurableFiles.remove(folder);
  }

  /** Answers and events, as they come. */
  private static final class Page implements WebSocket.Listener {
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        String whole = part.toString();
        part.setLength(0);
        try {
          take(JSON.readTree(whole));
        } catch (IOException e) {
          complaints.add("not JSON: " + e.getMessage());
        }
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void take(JsonNode message) {
      JsonNode parameters = message.path("params");
      switch (message.path("method").asText()) {
        case "" -> {
          CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
          if (answer != null) {
            answer.complete(message);
          }
        }
        case "Runtime.consoleAPICalled" -> complaints.add(parameters.path("args").toString());
        case "Runtime.exceptionThrown" ->
            complaints.add(parameters.path("exceptionDetails").toString());
        case "Log.entryAdded" -> complaints.add(parameters.path("entry").toString());
        case "Network.requestWillBeSent" ->
            requests.add(parameters.path("request").path("url").asText());
        default -> {}
      }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      List<CompletableFuture<JsonNode>> open = new ArrayList<>(answers.values());
      open.forEach(each -> each.completeExceptionally(new IOException("the browser is gone")));
      return CompletableFuture.completedFuture(null);
    }
  }
}
