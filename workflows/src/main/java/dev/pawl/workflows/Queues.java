package dev.pawl.workflows;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names of the queues on which stages wait.
 *
 * <p>{@code pawl-data} and {@code pawl-device} are for every worker. A stage that was planned for
 * two threads of a CPU waits on {@code pawl-device-cpu-2}, since another machine would not give its
 * bits. Once a run's artifacts lie in one home it waits on the queues of that place alone, {@code
 * pawl-data@3f9a01c2}.
 */
final class Queues {
  private Queues() {}

  static String data(@Nullable String place) {
    return at(WorkerSetup.DATA_QUEUE, place);
  }

  static String device(@Nullable String machine, @Nullable String place) {
    String queue = WorkerSetup.DEVICE_QUEUE;
    return at(machine == null ? queue : queue + "-" + machine, place);
  }

  /** Where a worker looks for stages of data. */
  static List<String> data(Offer offer) {
    List<String> queues = new ArrayList<>(List.of(data((String) null)));
    if (offer.place() != null) {
      queues.add(data(offer.place()));
    }
    return queues;
  }

  /** Where a worker looks for stages for its device. */
  static List<String> device(Offer offer) {
    List<String> queues = new ArrayList<>(List.of(device(null, null)));
    if (offer.machine() != null) {
      queues.add(device(offer.machine(), null));
    }
    if (offer.place() != null) {
      queues.add(device(null, offer.place()));
    }
    if (offer.machine() != null && offer.place() != null) {
      queues.add(device(offer.machine(), offer.place()));
    }
    return queues;
  }

  private static String at(String queue, @Nullable String place) {
    return place == null ? queue : queue + "@" + place;
  }
}
