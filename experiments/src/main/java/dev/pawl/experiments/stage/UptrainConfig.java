package dev.pawl.experiments.stage;

import dev.pawl.model.config.LoadFromVanilla;

/**
 * A block model's start from a vanilla checkpoint. The path inside the settings does not decide any
 * result; the identity of what lies there does.
 *
 * @param checkpoint folder and digest of the vanilla checkpoint
 */
public record UptrainConfig(FileIdentity checkpoint, LoadFromVanilla settings) {
  UptrainConfig withoutPath() {
    LoadFromVanilla nameless =
        new LoadFromVanilla(
            settings.method(),
            "",
            settings.initializeMeanEmbedderProjection(),
            settings.initializeIdentityExpansionLayer(),
            settings.allowHeadMismatch());
    return new UptrainConfig(checkpoint.withoutPath(), nameless);
  }
}
