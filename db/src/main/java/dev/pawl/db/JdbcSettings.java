package dev.pawl.db;

import java.util.Optional;

/** How to reach a PostgreSQL server. */
public record JdbcSettings(String url, Optional<String> user, Optional<String> password) {

  /** The URL without anything that could be a password, for messages. */
  public String shownUrl() {
    return url.replaceAll("(?i)(password=)[^&]*", "$1***").replaceAll("//[^/@]*@", "//***@");
  }

  @Override
  public String toString() {
    return shownUrl();
  }
}
