package dev.pawl.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at everything that runs need, and says how to put right what is wrong. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Check machine, device, artifact store, database, Temporal, versions and secrets; change"
          + " nothing.",
      "Exit code 1 when something failed; a warning is none."
    })
final class DoctorCommand implements Callable<Integer> {
  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Mixin private HomeOption home;

  @Override
  public Integer call() {
    List<Checkup> all = Doctor.examine(home.path());
    System.out.print(text(all));
    boolean failed = all.stream().anyMatch(each -> each.state() == Checkup.State.failed);
    return failed ? ExitCode.FAILED : ExitCode.DONE;
  }

  private String text(List<Checkup> all) {
    return switch (format) {
      case table -> plain(all);
      case json -> JsonText.of(all.stream().map(DoctorCommand::named).toList());
      default ->
          format.rows(
              List.of("check", "state", "finding", "remedy"),
              all.stream()
                  .map(
                      each ->
                          List.of(each.check(), each.state().name(), each.finding(), each.remedy()))
                  .toList());
    };
  }

  // A remedy is a sentence: it has a line of its own.
  private static String plain(List<Checkup> all) {
    int width = all.stream().mapToInt(each -> each.check().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Checkup each : all) {
      text.append(
          ("%-7s  %-" + width + "s  %s%n").formatted(each.state(), each.check(), each.finding()));
      if (!each.remedy().isEmpty()) {
        text.append(("%" + (width + 11) + "s-> %s%n").formatted("", each.remedy()));
      }
    }
    return text.toString();
  }

  private static Map<String, Object> named(Checkup each) {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("check", each.check());
    named.put("state", each.state().name());
    named.put("finding", each.finding());
    named.put("remedy", each.remedy());
    return named;
  }
}
