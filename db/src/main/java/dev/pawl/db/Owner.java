package dev.pawl.db;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;

/**
 * Who holds a claim: a worker of one process on one host. The start time tells reused pids apart.
 */
public record Owner(String host, long pid, Instant processStart, String worker) {

  /** The name under which claims are stored. */
  public String id() {
    return host + "/" + pid + "/" + processStart.toEpochMilli() + "/" + worker;
  }

  /** This process. */
  public static Owner ofThisProcess(String worker) {
    ProcessHandle self = ProcessHandle.current();
    return new Owner(
        hostName(), self.pid(), self.info().startInstant().orElse(Instant.EPOCH), worker);
  }

  /** Reads a stored name back. */
  public static Owner parse(String id) {
    String[] parts = id.split("/", 4);
    return new Owner(
        parts[0],
        Long.parseLong(parts[1]),
        Instant.ofEpochMilli(Long.parseLong(parts[2])),
        parts[3]);
  }

  /** The name of this host. */
  public static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().replace('/', '_');
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
