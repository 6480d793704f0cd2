package dev.pawl.db;

/** A worker wrote under a claim that is no longer its own. It must stop and write nothing more. */
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FencedException(Claim claim) {
    super(
        "attempt %d of stage %s by %s has lost its claim: another attempt owns the stage"
            .formatted(claim.attempt(), claim.key(), claim.ownerId()));
  }
}
