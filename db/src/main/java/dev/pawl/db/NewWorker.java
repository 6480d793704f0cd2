package dev.pawl.db;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A process that begins to serve.
 *
 * @param owner the process, with the name of the worker
 * @param queues what it takes on, such as {@code data}
 * @param device the device that it alone computes on, such as {@code cuda:0}; empty where it
 *     computes on none
 * @param threads it computes with
 * @param place id of the home whose artifacts it has; empty where all workers reach all artifacts
 * @param codeVersion version of the program
 */
public record NewWorker(
    Owner owner,
    List<String> queues,
    Optional<String> device,
    int threads,
    Optional<String> place,
    String codeVersion) {
  public NewWorker {
    Objects.requireNonNull(owner, "owner");
    queues = List.copyOf(queues);
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(codeVersion, "codeVersion");
  }
}
