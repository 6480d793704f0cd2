package dev.pawl.experiments.stage;

/** Turns the corpus into token ids, and holds some out. */
public record TokenizeStageConfig(TokenizerConfig tokenizer, String jsonKey, double validFraction)
    implements StageConfig {

  @Override
  public StageConfig withoutPaths() {
    FileIdentity file = tokenizer.file();
    return new TokenizeStageConfig(
        new TokenizerConfig(tokenizer.type(), file == null ? null : file.withoutPath()),
        jsonKey,
        validFraction);
  }
}
