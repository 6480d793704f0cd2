package dev.pawl.model.evaluation;

/** Log-likelihood of a continuation in nats, and whether each of its tokens is the arg-max. */
public record Score(double logLikelihood, boolean greedy) {}
