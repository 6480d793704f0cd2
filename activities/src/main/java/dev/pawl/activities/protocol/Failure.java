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
 * @param retryable whether the same attempt may succeed later with nobody's help
 */
record Failure(FailureCause cause, String message, boolean retryable) {
  private static final String DISK_FULL_STATE = "53100";

  Failure(FailureCause cause, String message) {
    this(cause, message, cause.retryable());
  }

  static Failure of(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof OutOfMemoryError) {
        return new Failure(
            FailureCause.MEMORY,
            "the process ran out of memory (%s); use a smaller batch or give Java more with -Xmx"
                .formatted(each.getMessage()));
      }
      if (full(each)) {
        return new Failure(
            FailureCause.INFRASTRUCTURE,
            text(each)
                + ": the disk is full; free some space and run the same command, it goes on where it stopped",
            false);
      }
      if (each instanceof PawlException known) {
        return new Failure(known.failureCause(), text(known));
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

  // The kernel's words, or PostgreSQL's: a retry cannot help before somebody makes room.
  private static boolean full(Throwable thrown) {
    boolean state = thrown instanceof SQLException sql && DISK_FULL_STATE.equals(sql.getSQLState());
    return state || text(thrown).toLowerCase(Locale.ROOT).contains("no space left on device");
  }

  private static String disk(Throwable thrown) {
    return "%s: %s; check the file and the disk"
        .formatted(thrown.getClass().getSimpleName(), text(thrown));
  }

  private static String text(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getName() : message;
  }
}
