package dev.pawl.db;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How to reach a PostgreSQL server. */
public record JdbcSettings(String url, Optional<String> user, Optional<String> password) {
  private static final Pattern HOSTS = Pattern.compile("^jdbc:postgresql://(?:[^/@]*@)?([^/?]*)");
  private static final Pattern SSL_MODE = Pattern.compile("(?i)[?&]sslmode=([^&]*)");
  private static final Set<String> VERIFYING = Set.of("verify-ca", "verify-full");
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)localhost|127(?:\\.\\d+){3}|\\[?::1\\]?");

  /** The URL without anything that could be a password, for messages. */
  public String shownUrl() {
    return url.replaceAll("(?i)(password=)[^&]*", "$1***").replaceAll("//[^/@]*@", "//***@");
  }

  /** A text that may name the URL or the password, without what is secret in them. */
  String hide(String text) {
    String hidden = text.replace(url, shownUrl());
    if (password.isPresent() && password.get().length() >= Secrets.SHORTEST) {
      hidden = hidden.replace(password.get(), Secrets.MASK);
    }
    return Secrets.masked(hidden);
  }

  /** Whether every server of the URL is this machine itself. */
  public boolean isLoopback() {
    Matcher hosts = HOSTS.matcher(url);
    return !hosts.find()
        || Arrays.stream(hosts.group(1).split(",", -1))
            .map(host -> host.replaceFirst(":\\d+$", ""))
            .allMatch(host -> host.isEmpty() || LOOPBACK.matcher(host).matches());
  }

  /** What the URL says of TLS, such as {@code verify-full}; empty where it says nothing. */
  public Optional<String> sslMode() {
    Matcher mode = SSL_MODE.matcher(url);
    return mode.find() ? Optional.of(mode.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
  }

  /** Whether the server has to prove who it is. */
  public boolean verifiesServer() {
    return sslMode().filter(VERIFYING::contains).isPresent();
  }

  @Override
  public String toString() {
    return shownUrl();
  }
}
