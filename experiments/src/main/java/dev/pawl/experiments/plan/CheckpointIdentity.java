package dev.pawl.experiments.plan;

import dev.pawl.experiments.stage.FileIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which checkpoint a path means, and the digest of all that decides what it holds. */
public final class CheckpointIdentity {
  private static final Pattern STEP = Pattern.compile("checkpoint-(\\d{1,18})");
  private static final Pattern PART =
      Pattern.compile(
          "config\\.json|manifest\\.json|model\\.safetensors\\.index\\.json|model.*\\.safetensors");

  private CheckpointIdentity() {}

  /**
   * The folder itself where it holds weights, else its {@code checkpoint-<step>} of the highest
   * step that does.
   */
  static Optional<Path> find(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return Optional.empty();
    }
    if (holdsWeights(path)) {
      return Optional.of(path);
    }
    try (Stream<Path> children = Files.list(path)) {
      Optional<Path> newest = Optional.empty();
      long highest = -1;
      for (Path child : children.toList()) {
        Matcher matcher = STEP.matcher(child.getFileName().toString());
        if (matcher.matches()
            && Long.parseLong(matcher.group(1)) > highest
            && holdsWeights(child)) {
          highest = Long.parseLong(matcher.group(1));
          newest = Optional.of(child);
        }
      }
      return newest;
    }
  }

  private static boolean holdsWeights(Path folder) {
    return Files.isRegularFile(folder.resolve("model.safetensors"))
        || Files.isRegularFile(folder.resolve("model.safetensors.index.json"));
  }

  /** The identity of a checkpoint's folder: over names and digests of weights and description. */
  public static FileIdentity of(Path folder) throws IOException {
    List<String> parts = new ArrayList<>();
    try (Stream<Path> children = Files.list(folder)) {
      for (Path file : children.sorted().toList()) {
        String name = file.getFileName().toString();
        if (PART.matcher(name).matches() && Files.isRegularFile(file)) {
          parts.add(name);
          parts.add(UserFiles.sha256(file));
        }
      }
    }
    return new FileIdentity(folder.toString(), StageKey.hash(parts));
  }
}
