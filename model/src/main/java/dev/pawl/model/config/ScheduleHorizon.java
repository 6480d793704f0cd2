package dev.pawl.model.config;

/**
 * Where a schedule that counts samples turns (megatron.md 5.4).
 *
 * @param warmup samples until the peak; a share of the horizon need not be whole
 * @param decay samples until the end of the decay
 * @param training samples of the whole training
 */
public record ScheduleHorizon(double warmup, long decay, long training) {}
