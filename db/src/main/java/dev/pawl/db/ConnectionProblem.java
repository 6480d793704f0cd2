package dev.pawl.db;

import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why there is no connection, and what to do about it, without a word of what is secret. */
final class ConnectionProblem {
  private static final String TLS_REMEDY =
      "Check sslmode, sslrootcert, sslcert and sslkey in PAWL_JDBC_URL (docs/security.md)";

  private ConnectionProblem() {}

  /** Whether the two sides could not agree on who they are. */
  static boolean isTls(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      String message = String.valueOf(each.getMessage());
      boolean said =
          each instanceof SQLException
              && (message.contains("certificate") || message.contains("SSL"));
      if (each instanceof SSLException || said) {
        return true;
      }
    }
    return false;
  }

  static String describe(JdbcSettings settings, Throwable thrown) {
    return "database %s cannot be reached: %s. %s"
        .formatted(settings.shownUrl(), settings.hide(reason(thrown)), remedy(thrown));
  }

  // The innermost words are the plainest ones.
  private static String reason(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return Optional.ofNullable(root.getMessage()).orElse(root.getClass().getSimpleName());
  }

  static String remedy(Throwable thrown) {
    if (isTls(thrown)) {
      return TLS_REMEDY;
    }
    return switch (state(thrown)) {
      case "28P01" -> "Check PAWL_JDBC_USER and PAWL_JDBC_PASSWORD";
      case "28000" ->
          "Check PAWL_JDBC_USER, and whether the server wants TLS (sslmode in PAWL_JDBC_URL)";
      case "3D000" -> "Check the database's name in PAWL_JDBC_URL, or create it";
      default ->
          "Check PAWL_JDBC_URL (and PAWL_JDBC_USER, PAWL_JDBC_PASSWORD), or unset it to use the embedded database";
    };
  }

  private static String state(Throwable thrown) {
    String state = "";
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql && sql.getSQLState() != null) {
        state = sql.getSQLState();
      }
    }
    return state;
  }
}
