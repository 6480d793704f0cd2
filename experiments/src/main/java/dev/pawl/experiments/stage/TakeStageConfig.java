package dev.pawl.experiments.stage;

import java.util.List;

/**
 * Takes token datasets that were made elsewhere, with the tokenizer that made them.
 *
 * @param valid held-out datasets; empty where documents are held out by ratio
 */
public record TakeStageConfig(
    TokenizerConfig tokenizer, List<TokenFiles> datasets, List<TokenFiles> valid)
    implements StageConfig {

  @Override
  public StageConfig withoutPaths() {
    return new TakeStageConfig(
        tokenizer.withoutPath(),
        datasets.stream().map(TokenFiles::withoutPaths).toList(),
        valid.stream().map(TokenFiles::withoutPaths).toList());
  }
}
