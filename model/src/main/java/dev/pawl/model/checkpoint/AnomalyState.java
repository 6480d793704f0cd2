package dev.pawl.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.model.config.AnomalyAction;
import java.util.ArrayList;
import java.util.List;

/**
 * What a training has passed over, and what it expects of the next loss: part of its state, since
 * what comes next depends on it.
 *
 * @param losses how many the running mean has seen
 * @param mean running mean of the loss
 * @param variance running variance of the loss
 * @param skipped ranges of samples, in the order in which they were passed over
 */
public record AnomalyState(long losses, double mean, double variance, List<SkippedRange> skipped) {

  /** Nothing seen, nothing passed over. */
  public static final AnomalyState NONE = new AnomalyState(0, 0, 0, List.of());

  public AnomalyState {
    skipped = List.copyOf(skipped);
  }

  /**
   * With one more loss in the running mean: plain averages over the first losses, then each weighs
   * one part of the window.
   */
  public AnomalyState observe(double loss, int window) {
    double share = 1.0 / Math.min(losses + 1, window);
    double off = loss - mean;
    double nextMean = mean + share * off;
    double nextVariance = (1 - share) * (variance + share * off * off);
    return new AnomalyState(losses + 1, nextMean, nextVariance, skipped);
  }

  /** With one more range passed over. */
  public AnomalyState skip(SkippedRange range) {
    List<SkippedRange> all = new ArrayList<>(skipped);
    all.add(range);
    return new AnomalyState(losses, mean, variance, all);
  }

  /** Steps that made no update. */
  public long skippedSteps() {
    return skipped.stream().filter(range -> !range.rewound()).count();
  }

  /** Samples passed over. */
  public long skippedSamples() {
    return skipped.stream().mapToLong(SkippedRange::samples).sum();
  }

  /** Lines for a digest, every bit in them; none where nothing was seen. */
  String digestLines() {
    StringBuilder lines = new StringBuilder();
    if (losses > 0) {
      lines.append("losses ").append(losses);
      lines.append(' ').append(bits(mean)).append(' ').append(bits(variance)).append('\n');
    }
    for (SkippedRange range : skipped) {
      lines
          .append("skipped %s %s ".formatted(range.action(), range.reason()))
          .append("%d %d ".formatted(range.step(), range.failedStep()))
          .append("%d %d ".formatted(range.firstSample(), range.samples()))
          .append(bits(range.value()))
          .append('\n');
    }
    return lines.toString();
  }

  private static String bits(double value) {
    return Long.toHexString(Double.doubleToLongBits(value));
  }

  /** As it stands in a manifest. Numbers are text, since JSON knows no NaN. */
  ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("losses", losses);
    node.put("mean", Double.toString(mean));
    node.put("variance", Double.toString(variance));
    ArrayNode ranges = node.putArray("skipped");
    for (SkippedRange range : skipped) {
      ranges
          .addObject()
          .put("action", range.action().name())
          .put("reason", range.reason().name())
          .put("step", range.step())
          .put("failed_step", range.failedStep())
          .put("first_sample", range.firstSample())
          .put("samples", range.samples())
          .put("value", Double.toString(range.value()));
    }
    return node;
  }

  /** Reads what was written; none where nothing was. */
  static AnomalyState of(JsonNode node) {
    if (node.isMissingNode()) {
      return NONE;
    }
    List<SkippedRange> ranges = new ArrayList<>();
    for (JsonNode range : node.path("skipped")) {
      ranges.add(
          new SkippedRange(
              AnomalyAction.valueOf(range.path("action").asText()),
              AnomalyReason.valueOf(range.path("reason").asText()),
              range.path("step").asLong(),
              range.path("failed_step").asLong(),
              range.path("first_sample").asLong(),
              range.path("samples").asLong(),
              Double.parseDouble(range.path("value").asText())));
    }
    return new AnomalyState(
        node.path("losses").asLong(),
        Double.parseDouble(node.path("mean").asText()),
        Double.parseDouble(node.path("variance").asText()),
        ranges);
  }
}
