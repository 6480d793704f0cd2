package dev.pawl.cli.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Takes pictures of a report to look at: {@code ReportPictures REPORT.html FOLDER} writes desktop
 * and phone, light and dark, and the printed page. Not a test: what a page looks like is judged by
 * eye.
 */
public final class ReportPictures {
  private static final int DESKTOP = 1400;
  private static final int PHONE = 390;

  /** 269 mm between the margins. */
  private static final int PAPER = 1017;

  private ReportPictures() {}

  /** Takes them. */
  public static void main(String[] arguments) throws Exception {
    Path report = Path.of(arguments[0]).toAbsolutePath();
    Path folder = Files.createDirectories(Path.of(arguments[1]));
    try (Browser browser = Browser.start(Browser.program().orElseThrow())) {
      for (int width : new int[] {DESKTOP, PHONE}) {
        for (boolean dark : new boolean[] {false, true}) {
          browser.open(report, width, dark, "document.documentElement?.dataset.drawn");
          Files.write(
              folder.resolve("%d-%s.png".formatted(width, dark ? "dark" : "light")),
              browser.picture(width));
        }
      }
      browser.open(report, DESKTOP, false, "document.documentElement?.dataset.drawn");
      Files.write(folder.resolve("printed.pdf"), browser.print());
      browser.open(report, PAPER, false, "document.documentElement?.dataset.drawn");
      browser.call("Emulation.setEmulatedMedia", Map.of("media", "print"));
      browser.value("void window.dispatchEvent(new Event('beforeprint'))");
      Files.write(folder.resolve("printed.png"), browser.picture(PAPER));
      browser.complaints().forEach(System.err::println);
    }
  }
}
