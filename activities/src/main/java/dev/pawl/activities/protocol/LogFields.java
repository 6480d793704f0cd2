package dev.pawl.activities.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Says in each line of the log which attempt it is about, by the logging library's context of the
 * thread.
 */
public final class LogFields {
  public static final String EXPERIMENT = "experiment";
  public static final String RUN = "run";
  public static final String STAGE = "stage";
  public static final String ATTEMPT = "attempt";
  public static final String WORKER = "worker";

  private LogFields() {}

  /** The fields of an attempt, and what its observer adds. */
  static Map<String, String> of(Attempt attempt, AttemptObserver observer) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(EXPERIMENT, attempt.experimentId());
    fields.put(RUN, attempt.runId());
    fields.put(STAGE, attempt.stage());
    fields.put(ATTEMPT, Integer.toString(attempt.number()));
    fields.put(WORKER, attempt.worker());
    fields.putAll(observer.logFields());
    return fields;
  }

  /** Does some work whose lines have these fields; those of the thread are as before afterwards. */
  static <T> T during(Map<String, String> fields, Supplier<T> work) {
    Map<String, String> before = MDC.getCopyOfContextMap();
    fields.forEach(MDC::put);
    try {
      return work.get();
    } finally {
      restore(before);
    }
  }

  /** A task for another thread whose lines have the fields that this thread's have now. */
  public static Runnable carried(Runnable task) {
    Map<String, String> here = MDC.getCopyOfContextMap();
    return () -> {
      restore(here);
      task.run();
    };
  }

  // Null where a thread has no fields, or the logging library keeps none.
  private static void restore(@Nullable Map<String, String> fields) {
    if (fields == null) {
      MDC.clear();
    } else {
      MDC.setContextMap(fields);
    }
  }
}
