package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.StageContext;
import dev.pawl.db.FindingStore;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.CpuCapability;
import dev.pawl.model.torch.Torch;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a machine decides the last bits of a result, and what happens when it is not what a stage
 * was planned for: the stage is refused, or, where its run allows it, marked.
 */
public final class Exactness {
  /** Field of a checkpoint's lineage: every place at which the training changed its machine. */
  public static final String INEXACT = FindingStore.INEXACT;

  private Exactness() {}

  /**
   * Starts the engine for a stage.
   *
   * @return whether it computes as planned
   * @throws PawlException CONFIG when this process computes with another number of threads or on
   *     another kind of device than planned, and the run does not allow it
   */
  static boolean begin(StageContext context, String deviceKind, int threads) {
    if (Torch.threads() == 0) {
      Torch.start(threads);
    }
    if (Torch.threads() == threads && Torch.deviceKind().equals(deviceKind)) {
      return true;
    }
    if (context.database().experiments().allowsInexact(context.request().runId())) {
      return false;
    }
    throw new PawlException(
        FailureCause.CONFIG,
        "this process computes with %s, the stage was planned for %s: start pawl again with threads=%d, or let the run go on inexactly with 'pawl run --allow-inexact'"
            .formatted(
                machine(Torch.deviceKind(), Torch.threads()),
                machine(deviceKind, threads),
                threads));
  }

  /** Starts the engine for a stage that does its work in one go, and marks it where need be. */
  static void beginWhole(StageContext context, String deviceKind, int threads) {
    if (!begin(context, deviceKind, threads)) {
      record(
          context,
          "computed with %s, planned for %s"
              .formatted(
                  machine(Torch.deviceKind(), Torch.threads()), machine(deviceKind, threads)));
    }
  }

  /** Marks a stage, and with it every run it is part of. */
  static void record(StageContext context, String message) {
    context.database().findings().record(context.claim(), INEXACT, message);
  }

  /** The machine of this process, as checkpoints name it in their lineage. */
  static Map<String, String> machine() {
    Map<String, String> machine = new TreeMap<>();
    machine.put("device_kind", Torch.deviceKind());
    machine.put("threads", Integer.toString(Torch.threads()));
    machine.put("libtorch", Torch.version());
    machine.put("cpu_capability", CpuCapability.ofThisProcess());
    return machine;
  }

  private static String machine(String deviceKind, int threads) {
    return "%d threads on %s".formatted(threads, deviceKind);
  }
}
