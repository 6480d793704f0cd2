package dev.pawl.db.embedded;

import dev.pawl.db.DatabaseUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The files of an embedded server: programs, data, password, endpoint, lock and log. */
record ServerFolder(Path home) {
  static final String USER = "pawl";

  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

  /** Makes the folder and unpacks the programs where that has not happened. */
  static ServerFolder prepare(Path home) throws IOException {
    String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!platform.toLowerCase(Locale.ROOT).matches("linux (amd64|x86_64)")) {
      throw new DatabaseUnavailableException(
          "the embedded PostgreSQL runs on linux amd64, not on %s: set PAWL_JDBC_URL to a PostgreSQL of your own"
              .formatted(platform));
    }
    ServerFolder folder = new ServerFolder(home);
    Files.createDirectories(home);
    if (!Files.isDirectory(folder.programs())) {
      unpack(folder);
    }
    secret(folder.password());
    return folder;
  }

  /** The secret of a file that only its owner reads; a new one where there is none yet. */
  static String secret(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] secret = new byte[24];
      new SecureRandom().nextBytes(secret);
      Path temporary = Files.createTempFile(file.getParent(), "pw", ".tmp");
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(temporary, HexFormat.of().formatHex(secret));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return Files.readString(file).trim();
  }

  Path programs() {
    return home.resolve("dist");
  }

  Path program(String name) {
    return programs().resolve("bin").resolve(name);
  }

  Path data() {
    return home.resolve("data");
  }

  /** Stands beside data that initdb has finished; data without it is torn. */
  Path initialised() {
    return home.resolve("initdb.ok");
  }

  Path sockets() {
    return home.resolve("run");
  }

  Path password() {
    return home.resolve("pw");
  }

  /** Password of another role than the owner of all. */
  Path password(String role) {
    return home.resolve("pw-" + role);
  }

  Path endpoint() {
    return home.resolve("endpoint");
  }

  Path lock() {
    return home.resolve("lock");
  }

  Path log() {
    return home.resolve("postgres.log");
  }

  static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static void unpack(ServerFolder folder) throws IOException {
    Path temporary = Files.createTempDirectory(folder.home(), "dist.tmp");
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (InputStream in = ServerFolder.class.getResourceAsStream(ARCHIVE)) {
      if (in == null) {
        throw new IOException("no " + ARCHIVE + " on the class path");
      }
      try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          unpack(temporary, entry, tar);
        }
      }
    }
    try {
      Files.move(temporary, folder.programs(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Another process may have been faster; its copy is as good.
      delete(temporary);
      if (!Files.isDirectory(folder.programs())) {
        throw e;
      }
    }
  }

  private static void unpack(Path target, TarArchiveEntry entry, TarArchiveInputStream tar)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("entry " + entry.getName() + " leaves the archive's folder");
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
    } else if (entry.isSymbolicLink()) {
      Files.createDirectories(path.getParent());
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.createDirectories(path.getParent());
      Files.copy(tar, path);
      boolean executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          path,
          Set.copyOf(PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--")));
    }
  }
}
