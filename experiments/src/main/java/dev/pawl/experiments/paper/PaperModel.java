package dev.pawl.experiments.paper;

import dev.pawl.model.config.Setting;
import java.util.Optional;

/** A line of a paper's main table; what the paper does not say is empty. */
public record PaperModel(
    @Setting(doc = "vanilla or block.") String architecture,
    @Setting(doc = "Name of the configuration as published.") String preset,
    @Setting(doc = "All parameters, rounded as in the paper.", min = 1) double parameters,
    @Setting(doc = "Parameters of layers, neither tables nor embedder, rounded.", min = 1)
        double nonEmbedding,
    @Setting(doc = "Whether the first block of a document was padded.", defaultValue = "false")
        boolean randomPadding,
    @Setting(doc = "Training loss in nats a token.") Optional<Double> trainLoss,
    @Setting(doc = "Perplexity of LAMBADA's last words.") Optional<Double> lambadaPerplexity,
    @Setting(doc = "Perplexity a word of WikiText.") Optional<Double> wikitextPerplexity,
    @Setting(doc = "Accuracy in percent.") Optional<Double> hellaswag,
    @Setting(doc = "Accuracy in percent.") Optional<Double> piqa,
    @Setting(doc = "Accuracy in percent.") Optional<Double> arcEasy,
    @Setting(doc = "MB a sample, prefill-heavy.") Optional<Double> prefillMemory,
    @Setting(doc = "MB a sample, decode-heavy.") Optional<Double> decodeMemory,
    @Setting(doc = "Thousands of tokens a second, prefill-heavy.")
        Optional<Double> prefillThroughput,
    @Setting(doc = "Thousands of tokens a second, decode-heavy.")
        Optional<Double> decodeThroughput) {}
