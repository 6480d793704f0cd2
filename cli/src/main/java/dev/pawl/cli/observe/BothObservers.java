package dev.pawl.cli.observe;

import dev.pawl.activities.protocol.AttemptEnd;
import dev.pawl.activities.protocol.AttemptObserver;
import dev.pawl.activities.protocol.AttemptPhase;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.activities.protocol.TimeUse;
import java.util.LinkedHashMap;
import java.util.Map;

/** Two who watch the same attempt. */
record BothObservers(AttemptObserver first, AttemptObserver second) implements AttemptObserver {
  @Override
  public <T, X extends Exception> T during(AttemptPhase phase, Work<T, X> work) throws X {
    return first.during(phase, () -> second.during(phase, work));
  }

  @Override
  public void progress(StageProgress progress) {
    first.progress(progress);
    second.progress(progress);
  }

  @Override
  public void trained(long tokens, double seconds) {
    first.trained(tokens, seconds);
    second.trained(tokens, seconds);
  }

  @Override
  public void spent(TimeUse use, double seconds) {
    first.spent(use, seconds);
    second.spent(use, seconds);
  }

  @Override
  public void saved(long bytes) {
    first.saved(bytes);
    second.saved(bytes);
  }

  @Override
  public void leaseRenewed() {
    first.leaseRenewed();
    second.leaseRenewed();
  }

  @Override
  public void leaseTrouble() {
    first.leaseTrouble();
    second.leaseTrouble();
  }

  @Override
  public void ended(AttemptEnd end, String cause) {
    first.ended(end, cause);
    second.ended(end, cause);
  }

  @Override
  public Map<String, String> logFields() {
    Map<String, String> fields = new LinkedHashMap<>(first.logFields());
    fields.putAll(second.logFields());
    return fields;
  }
}
