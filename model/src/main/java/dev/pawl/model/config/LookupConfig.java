package dev.pawl.model.config;

/** A table of token embeddings. */
public record LookupConfig(
    @Setting(
            doc =
                "Width of a token's embedding; 0 is block_decoder's hidden_size, divided by the"
                    + " tokens that are concatenated.",
            defaultValue = "0",
            min = 0)
        int hiddenSize,
    @Setting(doc = "Standard deviation of the initial table.", defaultValue = "0.02", min = 0)
        double initializerRange)
    implements EmbedderNetwork {

  @Override
  public int width() {
    return hiddenSize;
  }
}
