package dev.pawl.model.evaluation;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.error.RootAttributeNotFoundException;
import io.pebbletemplates.pebble.loader.MemoryLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;

/** A compiled template; what it says must be in the data. */
final class Template {
  /** A template that makes more of a document is a mistake, or worse. */
  private static final int MOST_CHARACTERS = 1 << 24;

  // A task may come from anywhere: its templates see the fields of a document and nothing else, no
  // method of Java's, and no file ('include' finds none).
  private static final PebbleEngine ENGINE =
      new PebbleEngine.Builder()
          .loader(new MemoryLoader())
          .methodAccessValidator((object, method) -> false)
          .maxRenderedSize(MOST_CHARACTERS)
          .strictVariables(true)
          .autoEscaping(false)
          .newLineTrimming(false)
          .cacheActive(false)
          .defaultLocale(Locale.ROOT)
          .extension(new TemplateFilters())
          .build();

  private final String task;
  private final String key;
  private final PebbleTemplate compiled;

  private Template(String task, String key, PebbleTemplate compiled) {
    this.task = task;
    this.key = key;
    this.compiled = compiled;
  }

  /**
   * Compiles a template.
   *
   * @param key of the task's YAML that it stands under
   * @throws PawlException CONFIG when it is none
   */
  static Template of(String task, String key, String text) {
    try {
      return new Template(task, key, ENGINE.getLiteralTemplate(text));
    } catch (PebbleException e) {
      throw new PawlException(
          FailureCause.CONFIG,
          "task %s: %s is not a template: %s".formatted(task, key, e.getPebbleMessage()),
          e);
    }
  }

  /**
   * Fills the template in.
   *
   * @param place file and line of the document
   * @throws PawlException DATA when the document lacks what the template asks for
   */
  String render(Map<String, Object> fields, String place) {
    StringWriter out = new StringWriter();
    try {
      compiled.evaluate(out, fields);
    } catch (RootAttributeNotFoundException e) {
      throw new PawlException(
          FailureCause.DATA,
          "%s: task %s: %s asks for the field '%s', the document has %s"
              .formatted(place, task, key, e.getAttributeName(), fields.keySet()),
          e);
    } catch (PebbleException e) {
      throw misfit(place, e.getPebbleMessage(), e);
    } catch (RuntimeException | IOException e) {
      throw misfit(place, String.valueOf(e.getMessage()), e);
    }
    return out.toString();
  }

  private PawlException misfit(String place, String what, Exception e) {
    return new PawlException(
        FailureCause.DATA,
        "%s: task %s: %s does not fit the document: %s".formatted(place, task, key, what),
        e);
  }
}
