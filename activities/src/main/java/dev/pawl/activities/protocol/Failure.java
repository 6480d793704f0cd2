package dev.pawl.activities.protocol;

import dev.pawl.db.DatabaseUnavailableException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;

/**
 * A throwable, understood.
 *
 * @param cause why the attempt ended
 * @param message what, where, why and what to do next
 */
record Failure(FailureCause cause, String message) {

  static Failure of(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof PawlException known) {
        return new Failure(known.failureCause(), text(known));
      }
      if (each instanceof OutOfMemoryError) {
        return new Failure(
            FailureCause.MEMORY,
            "the process ran out of memory (%s); use a smaller batch or give Java more with -Xmx"
                .formatted(each.getMessage()));
      }
      if (each instanceof SQLException || each instanceof DatabaseUnavailableException) {
        return new Failure(FailureCause.INFRASTRUCTURE, "the database failed: " + text(each));
      }
      if (each instanceof IOException) {
        return new Failure(FailureCause.INFRASTRUCTURE, disk(each));
      }
    }
    return new Failure(FailureCause.BUG, "unexpected " + thrown);
  }

  private static String disk(Throwable thrown) {
    String text = text(thrown);
    if (text.toLowerCase(Locale.ROOT).contains("no space left")) {
      return text + ": the disk is full; free some space, the stage goes on where it stopped";
    }
    return "%s: %s; check the file and the disk".formatted(thrown.getClass().getSimpleName(), text);
  }

  private static String text(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getName() : message;
  }
}
