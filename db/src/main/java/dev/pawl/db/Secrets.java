package dev.pawl.db;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values that nobody may read in a log, a message, a report or the record, and texts without them.
 *
 * <p>A value is known by the name of its environment variable, or because {@link #know} was told. A
 * text also loses what looks like a secret: the user and password of an address, and what stands
 * behind {@code password=} and its like. Thread-safe.
 */
public final class Secrets {
  /** What stands in the place of a secret. */
  public static final String MASK = "***";

  /** A shorter value would take ordinary words out of texts; 'pawl doctor' warns of it. */
  public static final int SHORTEST = 6;

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?:^|_)(?:(?:PG)?PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_KEY(?:_ID)?"
              + "|PRIVATE_KEY|PAYLOAD_KEYS?|CLIENT_KEY_DATA|CREDENTIALS?|AUTHORIZATION|HEADERS"
              + "|GRPC_META_[A-Z0-9_]+)(?:$|_(?!FILE$|PATH$|DIR$))");

  private static final Pattern ADDRESS = Pattern.compile("(?<=://)[^/\\s@'\"]+(?=@)");

  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "(?i)((?<![a-z0-9])(?:ssl)?(?:password|passwd|secret|token|api[_-]?key|access[_-]?key"
              + "|private[_-]?key)=)[^&\\s'\",;]+");

  private static final Pattern BEARER = Pattern.compile("(?i)(\\bbearer\\s+)[A-Za-z0-9._~+/=-]+");

  private static final Secrets OF_PROCESS = new Secrets(System.getenv());

  // Read by every line of a log and hardly ever written.
  private volatile List<String> values = List.of();

  /** The secrets of an environment. */
  public Secrets(Map<String, String> environment) {
    List<String> found = new ArrayList<>();
    environment.forEach(
        (name, value) -> {
          if (isSecret(name)) {
            found.add(value);
          }
          if (name.endsWith("_URL")) {
            passwords(value).forEach(found::add);
          }
        });
    add(found);
  }

  /** Whether a variable of this name holds a secret. */
  public static boolean isSecret(String variable) {
    return SECRET_NAME.matcher(variable).find();
  }

  /** A text without the secrets of this process. */
  public static String masked(String text) {
    return OF_PROCESS.mask(text);
  }

  /** The same for each of several texts. */
  public static List<String> masked(List<String> texts) {
    return texts.stream().map(Secrets::masked).toList();
  }

  /** From now on a value is a secret of this process. */
  public static void know(String value) {
    OF_PROCESS.add(List.of(value));
  }

  private synchronized void add(Collection<String> more) {
    TreeSet<String> all =
        new TreeSet<>(
            Comparator.comparingInt(String::length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    all.addAll(values);
    for (String value : more) {
      String whole = value.strip();
      keep(all, whole);
      // A key of several lines may be shown a line at a time.
      if (whole.indexOf('\n') >= 0) {
        whole.lines().filter(line -> !line.startsWith("-----")).forEach(line -> keep(all, line));
      }
    }
    values = List.copyOf(all);
  }

  private static void keep(Collection<String> all, String value) {
    if (value.length() >= SHORTEST) {
      all.add(value);
    }
  }

  // Of an address, as it stands there and as it is meant.
  private static List<String> passwords(String url) {
    List<String> found = new ArrayList<>();
    Matcher parameter = Pattern.compile("(?i)(?:ssl)?password=([^&]*)").matcher(url);
    while (parameter.find()) {
      found.add(parameter.group(1));
    }
    Matcher user = Pattern.compile("://[^/@:]*:([^/@]*)@").matcher(url);
    while (user.find()) {
      found.add(user.group(1));
    }
    List<String> both = new ArrayList<>(found);
    for (String each : found) {
      try {
        both.add(URLDecoder.decode(each, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException notEncoded) {
        both.add(each);
      }
    }
    return both;
  }

  /** A text without these secrets. */
  public String mask(String text) {
    String masked = text;
    for (String value : values) {
      if (masked.contains(value)) {
        masked = masked.replace(value, MASK);
      }
    }
    if (masked.indexOf('@') >= 0 && masked.contains("://")) {
      masked = ADDRESS.matcher(masked).replaceAll(MASK);
    }
    if (masked.indexOf('=') >= 0) {
      masked = ASSIGNMENT.matcher(masked).replaceAll("$1" + MASK);
    }
    return BEARER.matcher(masked).replaceAll("$1" + MASK);
  }
}
