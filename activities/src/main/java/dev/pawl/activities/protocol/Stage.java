package dev.pawl.activities.protocol;

import dev.pawl.experiments.plan.StageKind;

/**
 * The body of one kind of stage: a function of its configuration and its inputs.
 *
 * <p>Implementations are thread-safe and keep nothing between calls. A body that is called again
 * after a crash starts with an empty {@link StageContext#output()} and with whatever it left in
 * {@link StageContext#work()}.
 *
 * @param <C> the stage's configuration
 */
public interface Stage<C> {
  Class<C> configType();

  StageKind kind();

  /**
   * Does the work and leaves the result in {@link StageContext#output()}.
   *
   * @throws Exception of any kind; the protocol finds the cause and decides about a retry
   */
  StageResult execute(C config, StageContext context) throws Exception;
}
