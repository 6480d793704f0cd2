package dev.pawl.model.weights;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.PawlException;
import org.junit.jupiter.api.function.Executable;

/** Asserts that something is refused and that the message says what is needed. */
public final class Refusals {
  private Refusals() {}

  /** The failure, whose message contains every part. */
  public static PawlException refused(Executable attempt, String... parts) {
    PawlException refusal = assertThrows(PawlException.class, attempt);
    String message = String.valueOf(refusal.getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'%s' is not in: %s".formatted(part, message));
    }
    return refusal;
  }
}
