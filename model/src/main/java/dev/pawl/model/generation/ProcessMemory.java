package dev.pawl.model.generation;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/** Resident memory of this process, as Linux counts it. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path SYSTEM = Path.of("/proc/meminfo");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  private ProcessMemory() {}

  /**
   * Forgets the peak. Where the system does not let it be forgotten, the next one covers more than
   * was meant, never less.
   */
  public static void resetPeak() {
    try {
      Files.writeString(CLEAR, "5");
    } catch (IOException e) {
      System.getLogger(ProcessMemory.class.getName())
          .log(System.Logger.Level.DEBUG, "peak memory covers the whole process: {0}", e);
    }
  }

  /**
   * Gives memory that nothing uses back to the system: what was collected, and what libtorch has
   * freed and malloc keeps. A Java without a command for the latter does the former.
   */
  public static void returnFreed() {
    System.gc();
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "systemTrimNativeHeap",
              new Object[0],
              new String[0]);
    } catch (JMException e) {
      System.getLogger(ProcessMemory.class.getName())
          .log(System.Logger.Level.DEBUG, "freed memory stays with the process: {0}", e);
    }
  }

  /** The most bytes that were resident at a time since the peak was forgotten. */
  public static long peakBytes() {
    return value("VmHWM:");
  }

  /** Bytes resident now. */
  public static long residentBytes() {
    return value("VmRSS:");
  }

  /** Bytes that the process may take unasked: what it has, and four fifths of what is free. */
  public static long limitBytes() {
    return residentBytes() + value(SYSTEM, "MemAvailable:") / 5 * 4;
  }

  private static long value(String name) {
    return value(STATUS, name);
  }

  private static long value(Path file, String name) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(name)) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("resident memory is read from " + file, e);
    }
    throw new IllegalStateException("no " + name + " in " + file);
  }
}
