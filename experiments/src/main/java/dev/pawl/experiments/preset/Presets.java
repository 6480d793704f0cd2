package dev.pawl.experiments.preset;

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
 * The named configurations, {@code experiments/models/*.yaml}. They are packed into the class path,
 * so that a name means the same in any working directory.
 */
public final class Presets {
  private static final String FOLDER = "/dev/pawl/experiments/preset/models";
  private static final String SUFFIX = ".yaml";

  private Presets() {}

  /** All names, sorted. */
  public static List<String> names() {
    try {
      Path classPath =
          Path.of(Presets.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(classPath)) {
        return names(classPath.resolve(FOLDER.substring(1)));
      }
      try (FileSystem jar = FileSystems.newFileSystem(classPath)) {
        return names(jar.getPath(FOLDER));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the presets cannot be listed", e);
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

  /** The file of a preset as messages name it. */
  static String place(String name) {
    return "experiments/models/" + name + SUFFIX;
  }

  /** The YAML of a preset, if there is one of that name. */
  static Optional<String> text(String name) {
    if (name.contains("/") || name.contains("\\")) {
      return Optional.empty();
    }
    try (InputStream in = Presets.class.getResourceAsStream(FOLDER + "/" + name + SUFFIX)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("preset %s cannot be read".formatted(name), e);
    }
  }
}
