package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.DeviceLock;
import dev.pawl.db.Owner;
import dev.pawl.db.WorkerRow;
import dev.pawl.model.failure.BusyException;
import dev.pawl.model.torch.Torch;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device of this host that this process alone computes on.
 *
 * <p>A processor has as many slots as somebody asks for: {@code cpu} is the lowest free one, {@code
 * cpu:0} that one. Any other device has one.
 *
 * @param name such as {@code cuda:0}
 * @param lock what keeps others away
 */
record Device(String name, DeviceLock lock) {
  private static final Pattern PROCESSOR = Pattern.compile("cpu(?::(\\d{1,4}))?");
  private static final int MOST_SLOTS = 1024;

  /** A server needs as long to notice that the host of a connection is gone. */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final long LOOK_AGAIN_MILLIS = 500;

  /**
   * Takes a device, and computes on it from now on.
   *
   * @param wanted its name, or a kind of device
   * @throws dev.pawl.model.failure.PawlException CONFIG when there is no such kind
   * @throws BusyException when another process has it
   */
  static Device take(Database database, String wanted) {
    String host = Owner.hostName();
    Matcher processor = PROCESSOR.matcher(wanted);
    if (processor.matches()) {
      Torch.use("cpu");
      return processor.group(1) == null ? lowest(database, host) : only(database, host, wanted);
    }
    Torch.use(wanted);
    return only(
        database,
        host,
        visible(Torch.deviceName(), System.getenv().getOrDefault("CUDA_VISIBLE_DEVICES", "")));
  }

  /** The name by which a whole host knows a device of which this process sees a part. */
  static String visible(String name, String devices) {
    int colon = name.indexOf(':');
    String[] seen = devices.strip().split("\\s*,\\s*", -1);
    int number = colon < 0 ? 0 : Integer.parseInt(name.substring(colon + 1));
    return devices.isBlank() || number >= seen.length
        ? name
        : name.substring(0, colon + 1) + seen[number];
  }

  private static Device lowest(Database database, String host) {
    for (int slot = 0; slot < MOST_SLOTS; slot++) {
      String name = "cpu:" + slot;
      Optional<DeviceLock> lock = database.device(host, name);
      if (lock.isPresent()) {
        return new Device(name, lock.get());
      }
    }
    throw new BusyException(
        "all %d slots of the processor of %s are taken".formatted(MOST_SLOTS, host));
  }

  private static Device only(Database database, String host, String name) {
    long begun = System.nanoTime();
    while (true) {
      Optional<DeviceLock> lock = database.device(host, name);
      if (lock.isPresent()) {
        return new Device(name, lock.get());
      }
      Optional<WorkerRow> holder = database.workers().onDevice(host, name);
      boolean dead = holder.map(row -> new Liveness(database).gone(row.id())).orElse(true);
      if (!dead || System.nanoTime() - begun > PATIENCE.toNanos() || !paused()) {
        throw busy(host, name, holder);
      }
    }
  }

  private static BusyException busy(String host, String name, Optional<WorkerRow> holder) {
    return new BusyException(
        "device %s of %s is taken by %s: stop that one, or name another device with --device"
            .formatted(
                name,
                host,
                holder
                    .map(row -> "worker %s (pid %d)".formatted(row.name(), row.pid()))
                    .orElse("another process of this database")));
  }

  private static boolean paused() {
    try {
      Thread.sleep(LOOK_AGAIN_MILLIS);
      return true;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
