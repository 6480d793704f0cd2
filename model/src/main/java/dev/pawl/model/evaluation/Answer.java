package dev.pawl.model.evaluation;

import java.util.List;

/**
 * What a model answered to one document.
 *
 * @param document its number
 * @param logLikelihoods in nats: one a choice, or one for the whole document
 * @param greedy whether each token of a choice is the model's first choice
 */
public record Answer(int document, List<Double> logLikelihoods, List<Boolean> greedy) {
  public Answer {
    logLikelihoods = List.copyOf(logLikelihoods);
    greedy = List.copyOf(greedy);
  }
}
