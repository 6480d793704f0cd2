package dev.pawl.db;

import java.util.List;

/**
 * The answer to one document of a task.
 *
 * @param logLikelihoods in nats
 * @param greedy whether each is of the model's first choices alone
 */
public record DocumentRow(int document, List<Double> logLikelihoods, List<Boolean> greedy) {
  public DocumentRow {
    logLikelihoods = List.copyOf(logLikelihoods);
    greedy = List.copyOf(greedy);
  }
}
