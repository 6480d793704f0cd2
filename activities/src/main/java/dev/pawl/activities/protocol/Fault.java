package dev.pawl.activities.protocol;

import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something to go wrong at a place.
 *
 * @param kind what happens
 * @param seconds how long a stall is; 0 for the other kinds
 * @param point where
 * @param number at which number of the point; empty for the first that comes
 */
public record Fault(Kind kind, double seconds, FaultPoint point, OptionalLong number) {
  private static final Pattern SYNTAX =
      Pattern.compile("([a-z]+)(?::([0-9.]+))?@([a-z_.]+)(?:=([0-9]+))?");
  private static final String SYNTAX_WORDS =
      "KIND@POINT or KIND@POINT=N, KIND one of kill, fail, stall:SECONDS, freeze";

  /** What happens at the point. */
  public enum Kind {
    /** The process ends at once, without hooks and without flushing, as by SIGKILL. */
    KILL,
    /** The stage fails with the cause INFRASTRUCTURE, and is tried again. */
    FAIL,
    /** The thread sleeps; the rest of the process, and so the claim, lives. */
    STALL,
    /** The process stops as by SIGSTOP, until somebody sends it SIGCONT. */
    FREEZE
  }

  /**
   * Reads a comma-separated list such as {@code kill@pretrain.step=37,stall:20@report.after_claim}.
   *
   * @throws PawlException CONFIG that names the nearest known point
   */
  public static List<Fault> parse(String list) {
    List<Fault> faults = new ArrayList<>();
    for (String text : list.split(",", -1)) {
      if (!text.isBlank()) {
        faults.add(one(text.strip()));
      }
    }
    return faults;
  }

  private static Fault one(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw wrong(text, "is not of the form " + SYNTAX_WORDS);
    }
    Kind kind = kind(text, matcher.group(1));
    boolean timed = matcher.group(2) != null;
    if (timed != (kind == Kind.STALL)) {
      throw wrong(text, kind == Kind.STALL ? "needs seconds, as stall:20@..." : "takes no seconds");
    }
    String name = matcher.group(3);
    FaultPoint point =
        FaultCatalog.find(name)
            .orElseThrow(
                () ->
                    wrong(
                        text,
                        "names no known point"
                            + Nearest.to(
                                    name,
                                    FaultCatalog.points().stream().map(FaultPoint::name).toList())
                                .map(near -> ", nearest: " + near)
                                .orElse("")));
    if (matcher.group(4) != null && !point.numbered()) {
      throw wrong(text, "gives a number to a point that has none");
    }
    try {
      return new Fault(
          kind,
          timed ? Double.parseDouble(matcher.group(2)) : 0,
          point,
          matcher.group(4) == null
              ? OptionalLong.empty()
              : OptionalLong.of(Long.parseLong(matcher.group(4))));
    } catch (NumberFormatException e) {
      throw wrong(text, "has no number where one belongs");
    }
  }

  private static Kind kind(String text, String word) {
    List<String> known =
        Arrays.stream(Kind.values()).map(kind -> kind.name().toLowerCase(Locale.ROOT)).toList();
    if (!known.contains(word)) {
      throw wrong(
          text,
          "has no known kind, known are %s%s"
              .formatted(
                  String.join(", ", known),
                  Nearest.to(word, known).map(near -> ", nearest: " + near).orElse("")));
    }
    return Kind.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static PawlException wrong(String text, String how) {
    return new PawlException(
        FailureCause.CONFIG,
        "chaos '%s' %s; 'pawl run --chaos list' lists the points".formatted(text, how));
  }

  /** Whether this fault is meant when a point is reached and its numbers go from one to another. */
  boolean at(String name, long first, long last) {
    return point.name().equals(name)
        && (number.isEmpty() || (number.getAsLong() >= first && number.getAsLong() <= last));
  }

  /** As it was written. */
  @Override
  public String toString() {
    String length =
        kind == Kind.STALL
            ? ":" + (seconds == Math.rint(seconds) ? Long.toString((long) seconds) : seconds)
            : "";
    String at = number.isPresent() ? "=" + number.getAsLong() : "";
    return kind.name().toLowerCase(Locale.ROOT) + length + "@" + point.name() + at;
  }
}
