package dev.pawl.cli;

import dev.pawl.db.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Everything that 'pawl doctor' looks at, in the order in which trouble is best put right. */
final class Doctor {
  /** A few related checks. */
  interface Examination {
    List<Checkup> examine() throws IOException;
  }

  private Doctor() {}

  /** All checks; none of them changes anything, and none keeps the others from being made. */
  static List<Checkup> examine(Path home) {
    List<Checkup> all = new ArrayList<>();
    all.addAll(guarded("machine", () -> new MachineExamination(home).examine()));
    all.addAll(guarded("device", MachineExamination::device));
    all.addAll(guarded("store", () -> new MachineExamination(home).store(System.getenv())));
    all.addAll(guarded("database", () -> new DatabaseExamination(home).examine()));
    all.addAll(guarded("temporal", () -> new TemporalExamination(System.getenv()).examine()));
    all.addAll(guarded("secrets", () -> new SecretsExamination(home, System.getenv()).examine()));
    return all.stream()
        .map(
            each ->
                new Checkup(
                    each.check(),
                    each.state(),
                    Secrets.masked(each.finding()),
                    Secrets.masked(each.remedy())))
        .toList();
  }

  private static List<Checkup> guarded(String check, Examination examination) {
    try {
      return examination.examine();
    } catch (IOException | RuntimeException e) {
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      return List.of(Checkup.failed(check, message, "the message says what to look at"));
    }
  }
}
