package dev.pawl.cli;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What is said on stderr once a process, however often it is noticed. Thread-safe. */
final class Warnings {
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private Warnings() {}

  static void once(String warning) {
    if (SAID.add(warning)) {
      System.err.println("pawl: " + warning);
    }
  }
}
