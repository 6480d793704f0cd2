package dev.pawl.cli;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Files that arguments name, each by its path or by a pattern in its last part. */
final class InputFiles {
  private InputFiles() {}

  /**
   * Files in the order of the arguments, those of one pattern by name.
   *
   * @throws PawlException CONFIG when a file is not there, a pattern matches none, or one comes
   *     twice
   */
  static List<Path> of(List<String> arguments) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String argument : arguments) {
      Path path = Path.of(argument);
      if (Files.isRegularFile(path)) {
        files.add(path);
      } else {
        files.addAll(matching(argument, path));
      }
    }
    Set<Path> seen = new HashSet<>();
    for (Path file : files) {
      if (!seen.add(file.toRealPath())) {
        throw new PawlException(
            FailureCause.CONFIG, "input %s is named twice; name it once".formatted(file));
      }
    }
    return files;
  }

  private static List<Path> matching(String argument, Path path) throws IOException {
    List<Path> found = new ArrayList<>();
    String name = path.getFileName() == null ? "" : path.getFileName().toString();
    Path folder = path.getParent() == null ? Path.of("") : path.getParent();
    if (name.matches(".*[*?\\[{].*") && Files.isDirectory(folder.toAbsolutePath())) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, name)) {
        for (Path file : files) {
          if (Files.isRegularFile(file)) {
            found.add(file);
          }
        }
      }
    }
    if (found.isEmpty()) {
      throw new PawlException(
          FailureCause.CONFIG,
          "input %s %s"
              .formatted(argument, Files.isDirectory(path) ? "is a folder" : "names no file"));
    }
    found.sort((a, b) -> a.toString().compareTo(b.toString()));
    return found;
  }
}
