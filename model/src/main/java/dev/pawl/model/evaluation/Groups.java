package dev.pawl.model.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts the documents of a task into the groups that are computed together.
 *
 * <p>The last bits of a matrix product depend on the shape of the batch, so the shape must not
 * depend on anything but the task itself: documents are sorted by length, and each group takes
 * documents until it has {@value #REQUESTS} requests. How many groups are handed over at a time,
 * and which of them are computed after a failure, then changes no bit.
 */
final class Groups {
  /** Requests that close a group. */
  static final int REQUESTS = 16;

  private Groups() {}

  /**
   * Groups in the order of computing: the longest documents first, those of one length by number.
   */
  static List<List<TaskDocument>> of(List<TaskDocument> documents) {
    List<TaskDocument> sorted = new ArrayList<>(documents);
    sorted.sort(
        Comparator.comparingInt(TaskDocument::longest)
            .reversed()
            .thenComparingInt(TaskDocument::number));
    List<List<TaskDocument>> groups = new ArrayList<>();
    List<TaskDocument> group = new ArrayList<>();
    int requests = 0;
    for (TaskDocument document : sorted) {
      group.add(document);
      requests += document.requests().size();
      if (requests >= REQUESTS) {
        groups.add(List.copyOf(group));
        group.clear();
        requests = 0;
      }
    }
    if (!group.isEmpty()) {
      groups.add(List.copyOf(group));
    }
    return groups;
  }
}
