package dev.pawl.model.config;

/** Starting a block model from the weights of a vanilla model (block-transformer.md 1.10). */
public record LoadFromVanilla(
    @Setting(doc = "How the layers are handed out.", defaultValue = "partition")
        UptrainMethod method,
    @Setting(doc = "Folder of the vanilla model's checkpoint: Pawl's own, or a Hugging Face one.")
        String checkpointPath,
    @Setting(
            doc = "Whether a block's vector starts as the mean of its tokens' embeddings.",
            defaultValue = "false")
        boolean initializeMeanEmbedderProjection,
    @Setting(
            doc = "Whether every prefix vector starts as the context vector.",
            defaultValue = "false")
        boolean initializeIdentityExpansionLayer,
    @Setting(
            doc = "Whether attention of another head count may be copied, which scrambles it.",
            defaultValue = "false")
        boolean allowHeadMismatch) {}
