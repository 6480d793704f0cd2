package dev.pawl.model.failure;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A failure with its cause; the message says what, where, why and what to do next. */
public class PawlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureCause failureCause;

  public PawlException(FailureCause failureCause, String message) {
    this(failureCause, message, null);
  }

  public PawlException(FailureCause failureCause, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.failureCause = Objects.requireNonNull(failureCause, "failureCause");
  }

  public FailureCause failureCause() {
    return failureCause;
  }
}
