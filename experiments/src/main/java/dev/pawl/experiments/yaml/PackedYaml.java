package dev.pawl.experiments.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * YAML files of one folder of the class path, by name, so that a name means the same in any working
 * directory.
 *
 * @param folder on the class path, from the root
 * @param source the folder in the tree, as messages name it
 */
public record PackedYaml(String folder, String source) {
  public static final String SUFFIX = ".yaml";

  /** All names, sorted. */
  public List<String> names() {
    try {
      Path classPath =
          Path.of(PackedYaml.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(classPath)) {
        return names(classPath.resolve(folder.substring(1)));
      }
      try (FileSystem jar = FileSystems.newFileSystem(classPath)) {
        return names(jar.getPath(folder));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(source + " cannot be listed", e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the class path cannot be read", e);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    }
  }

  /** A file as messages name it. */
  public String place(String name) {
    return source + "/" + name + SUFFIX;
  }

  /** The text of a file, if there is one of that name. */
  public Optional<String> text(String name) {
    if (name.contains("/") || name.contains("\\")) {
      return Optional.empty();
    }
    try (InputStream in = PackedYaml.class.getResourceAsStream(folder + "/" + name + SUFFIX)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(place(name) + " cannot be read", e);
    }
  }
}
