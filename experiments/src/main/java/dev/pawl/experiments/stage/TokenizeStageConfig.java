package dev.pawl.experiments.stage;

/** Turns the corpus into token ids, and holds some out. */
public record TokenizeStageConfig(TokenizerConfig tokenizer, String jsonKey, double validFraction)
    implements StageConfig {

  @Override
  public StageConfig withoutPaths() {
    return new TokenizeStageConfig(tokenizer.withoutPath(), jsonKey, validFraction);
  }
}
