package dev.pawl.cli.crypto;

import dev.pawl.db.Secrets;
import io.temporal.api.failure.v1.Failure;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.FailureConverter;
import io.temporal.failure.DefaultFailureConverter;

/** Failures as Temporal stores them, without secrets in messages and stack traces. Thread-safe. */
public final class MaskedFailures implements FailureConverter {
  private final FailureConverter usual = new DefaultFailureConverter();

  @Override
  public RuntimeException failureToException(Failure failure, DataConverter converter) {
    return usual.failureToException(failure, converter);
  }

  @Override
  public Failure exceptionToFailure(Throwable thrown, DataConverter converter) {
    return masked(usual.exceptionToFailure(thrown, converter));
  }

  private static Failure masked(Failure failure) {
    Failure.Builder masked =
        failure.toBuilder()
            .setMessage(Secrets.masked(failure.getMessage()))
            .setStackTrace(Secrets.masked(failure.getStackTrace()));
    if (failure.hasCause()) {
      masked.setCause(masked(failure.getCause()));
    }
    return masked.build();
  }
}
