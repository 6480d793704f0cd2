package dev.pawl.experiments.sweep;

/**
 * Points drawn at random.
 *
 * @param count how many, all different
 * @param seed another one draws others
 * @param place where it is asked for
 */
record Sample(int count, long seed, String place) {}
