package dev.pawl.activities.stage;

import java.util.Locale;
import java.util.Optional;

/** What ended a training before its last step. */
public enum EndedBy {
  /** The training loss fell to early_end.train_loss. */
  TRAIN_LOSS(true),
  /** The held-out loss fell to early_end.valid_loss. */
  VALID_LOSS(true),
  /** There was no time for another step: a clock decided, another training ends elsewhere. */
  MAX_TRAIN_MINUTES(false),
  /** There were no samples for another step, since some had been passed over. */
  SAMPLES(true);

  /** The name in a checkpoint's lineage and in the stage's result. */
  public static final String KEY = "ended_by";

  private final boolean repeatable;

  EndedBy(boolean repeatable) {
    this.repeatable = repeatable;
  }

  /** Whether the same training ends at the same step again. */
  public boolean repeatable() {
    return repeatable;
  }

  /** How it is written. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that is written so; none for a training that came to its last step. */
  public static Optional<EndedBy> of(String id) {
    return id.isEmpty() ? Optional.empty() : Optional.of(valueOf(id.toUpperCase(Locale.ROOT)));
  }
}
