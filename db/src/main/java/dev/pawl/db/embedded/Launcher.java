package dev.pawl.db.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How PostgreSQL's programs are started on this machine: with a death signal tied to us, in a
 * session of their own so that a terminal's Ctrl-C reaches only us, and not as root, which
 * PostgreSQL refuses.
 */
record Launcher(List<String> prefix, boolean asPostgres) {
  private static final List<String> DIES_WITH_US = List.of("--pdeathsig", "INT");

  /** The launcher for a folder. */
  static Launcher of(ServerFolder folder) throws IOException, InterruptedException {
    boolean setpriv = works("setpriv", "--version");
    List<String> ownSession = works("setsid", "--version") ? List.of("setsid") : List.of();
    if (!"root".equals(System.getProperty("user.name"))) {
      List<String> prefix = new ArrayList<>(ownSession);
      if (setpriv) {
        prefix.add("setpriv");
        prefix.addAll(DIES_WITH_US);
        prefix.add("--");
      }
      return new Launcher(prefix, false);
    }
    if (!setpriv) {
      throw new IOException(
          "PostgreSQL does not run as root, and setpriv (util-linux) is not there to change the user");
    }
    if (reachableByOthers(folder.home()) && works("id", "postgres")) {
      List<String> prefix = new ArrayList<>(ownSession);
      prefix.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
      prefix.addAll(DIES_WITH_US);
      prefix.add("--");
      return new Launcher(prefix, true);
    }
    // Inside a user namespace without a map nobody is root, and the files stay ours.
    if (works("unshare", "-U", "true")) {
      List<String> prefix = new ArrayList<>(ownSession);
      prefix.add("setpriv");
      prefix.addAll(DIES_WITH_US);
      prefix.addAll(List.of("--", "unshare", "-U", "--"));
      return new Launcher(prefix, false);
    }
    throw new IOException(
        "PostgreSQL does not run as root; the user postgres cannot reach %s and user namespaces are off. Run pawl as another user"
            .formatted(folder.home()));
  }

  /** A command line. */
  List<String> command(Path program, String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(program.toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private static boolean reachableByOthers(Path folder) throws IOException {
    for (Path each = folder.getParent(); each != null; each = each.getParent()) {
      if (!Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return true;
  }

  private static boolean works(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
