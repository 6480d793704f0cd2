package dev.pawl.activities.protocol;

import dev.pawl.db.Wish;
import org.jspecify.annotations.Nullable;

/** The scheduler or the worker wants the stage to stop at this safe point; let it pass. */
public final class StageCancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StageCancelledException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether what is done may still be saved first. */
  public boolean maySave() {
    return !(getCause() instanceof OperatorWish operator && operator.wish() == Wish.CANCEL_NOW);
  }
}
