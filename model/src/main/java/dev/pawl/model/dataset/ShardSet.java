package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The shards of one corpus in the order in which they are joined, looked at before anything is
 * written.
 *
 * @param base name of the corpus without ending
 * @param shards all of them, in order
 * @param index the index beside them, which is copied and not joined
 */
public record ShardSet(String base, List<Shard> shards, Optional<Shard> index) {
  private static final Pattern NUMBERED = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.bin");
  private static final int MOST_LISTED = 20;

  public ShardSet {
    shards = List.copyOf(shards);
  }

  /** Sum over the shards. */
  public long bytes() {
    return shards.stream().mapToLong(Shard::bytes).sum();
  }

  /**
   * All files of a manifest, in name order.
   *
   * @throws PawlException DATA that lists what is missing
   */
  public static ShardSet ofManifest(Path folder, ShardManifest manifest) throws IOException {
    List<Shard> shards = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, String> named : manifest.digests().entrySet()) {
      Path path = folder.resolve(named.getKey());
      if (Files.isRegularFile(path)) {
        shards.add(Shard.of(path, Optional.of(named.getValue())));
      } else {
        problems.add(path + " is missing");
      }
    }
    refuse(folder, problems);
    return new ShardSet(folder.getFileName().toString(), shards, Optional.empty());
  }

  /**
   * Shards named {@code <base>-<number>-of-<highest number>.bin}, all but the last of one size
   * (block-transformer.md 5.3).
   *
   * @param input their folder, or the first of them
   * @param count how many there must be
   * @param manifest digests of the shards, and of the index when it names one
   * @throws PawlException CONFIG when input and count do not fit, DATA that lists each missing,
   *     extra and wrong-sized shard
   */
  public static ShardSet numbered(Path input, OptionalInt count, Optional<ShardManifest> manifest)
      throws IOException {
    Matcher first = first(input);
    String base = first.group(1);
    int highest = Integer.parseInt(first.group(3));
    Path folder = Files.isDirectory(input) ? input : input.toAbsolutePath().getParent();
    if (count.isPresent() && count.getAsInt() != highest + 1) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%s belongs to %d shards by its name, --num-shards says %d; correct one of them"
              .formatted(first.group(), highest + 1, count.getAsInt()));
    }
    List<String> problems = new ArrayList<>();
    List<Shard> shards = new ArrayList<>();
    SortedSet<String> extra = new TreeSet<>(names(folder, base));
    for (int i = 0; i <= highest; i++) {
      String name = "%s-%05d-of-%05d.bin".formatted(base, i, highest);
      extra.remove(name);
      Path path = folder.resolve(name);
      Optional<String> sha256 = manifest.map(given -> given.digests().get(name));
      if (!Files.isRegularFile(path)) {
        problems.add(path + " is missing");
      } else {
        shards.add(Shard.of(path, sha256));
        if (manifest.isPresent() && sha256.isEmpty()) {
          problems.add(path + " is extra: the manifest does not name it");
        }
      }
    }
    for (String name : extra) {
      problems.add(
          "%s is extra: it is none of the %d shards that %s belongs to"
              .formatted(folder.resolve(name), highest + 1, first.group()));
    }
    if (problems.isEmpty()) {
      sizes(shards, problems);
    }
    Path indexPath = folder.resolve(base + ".idx");
    Optional<String> indexSha256 = manifest.map(given -> given.digests().get(base + ".idx"));
    boolean hasIndex = Files.isRegularFile(indexPath);
    if (indexSha256.isPresent() && !hasIndex) {
      problems.add(indexPath + " is missing");
    }
    manifest.ifPresent(given -> unknown(given, base, highest, folder, problems));
    refuse(folder, problems);
    ShardSet set =
        new ShardSet(
            base,
            shards,
            hasIndex ? Optional.of(Shard.of(indexPath, indexSha256)) : Optional.empty());
    if (set.bytes() == 0) {
      throw new PawlException(
          FailureCause.DATA, "the shards of %s hold no byte; fetch them again".formatted(folder));
    }
    return set;
  }

  private static Matcher first(Path input) throws IOException {
    if (!Files.isDirectory(input)) {
      Matcher name = NUMBERED.matcher(input.getFileName().toString());
      if (!name.matches() || !name.group(2).equals("00000")) {
        throw new PawlException(
            FailureCause.CONFIG,
            "%s is neither a folder nor named as a first shard, <base>-00000-of-NNNNN.bin"
                .formatted(input));
      }
      if (!Files.isRegularFile(input)) {
        throw new PawlException(FailureCause.DATA, input + " is missing; fetch it");
      }
      return name;
    }
    List<Matcher> found = new ArrayList<>();
    SortedSet<String> series = new TreeSet<>();
    for (String name : names(input, "")) {
      Matcher matcher = NUMBERED.matcher(name);
      if (matcher.matches() && series.add(matcher.group(1) + "-*-of-" + matcher.group(3))) {
        found.add(matcher);
      }
    }
    if (found.isEmpty()) {
      throw new PawlException(
          FailureCause.DATA,
          input + " holds no shard named <base>-NNNNN-of-NNNNN.bin; fetch the shards");
    }
    if (found.size() > 1) {
      throw new PawlException(
          FailureCause.DATA,
          "%s holds shards of several corpora: %s; remove the extra ones, or give the first shard of one"
              .formatted(input, series));
    }
    return found.get(0);
  }

  private static List<String> names(Path folder, String base) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(base) && NUMBERED.matcher(name).matches())
          .filter(name -> base.isEmpty() || name.length() == base.length() + 19)
          .sorted()
          .toList();
    }
  }

  // The nominal size is what most shards have, so that a truncated first one is named itself.
  private static void sizes(List<Shard> shards, List<String> problems) {
    Shard last = shards.get(shards.size() - 1);
    List<Shard> full = shards.subList(0, shards.size() - 1);
    Map<Long, Integer> counts = new HashMap<>();
    full.forEach(shard -> counts.merge(shard.bytes(), 1, Integer::sum));
    long nominal =
        counts.entrySet().stream()
            .max(
                Map.Entry.<Long, Integer>comparingByValue()
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey)
            .orElse(last.bytes());
    for (Shard shard : full) {
      if (shard.bytes() != nominal) {
        problems.add(
            "%s has %,d bytes, the other shards have %,d: it is truncated or another file"
                .formatted(shard.path(), shard.bytes(), nominal));
      }
    }
    if (last.bytes() > nominal) {
      problems.add(
          "%s, the last shard, has %,d bytes, more than the %,d of the others"
              .formatted(last.path(), last.bytes(), nominal));
    }
  }

  private static void unknown(
      ShardManifest manifest, String base, int highest, Path folder, List<String> problems) {
    for (String name : manifest.digests().keySet()) {
      Matcher matcher = NUMBERED.matcher(name);
      boolean known =
          matcher.matches()
              && matcher.group(1).equals(base)
              && Integer.parseInt(matcher.group(3)) == highest;
      if (!known && !name.equals(base + ".idx")) {
        problems.add(
            "%s is missing: the manifest names it, and the shards there are numbered -of-%05d"
                .formatted(folder.resolve(name), highest));
      }
    }
  }

  private static void refuse(Path folder, List<String> problems) {
    if (problems.isEmpty()) {
      return;
    }
    String more =
        problems.size() > MOST_LISTED
            ? "%n  and %d more".formatted(problems.size() - MOST_LISTED)
            : "";
    throw new PawlException(
        FailureCause.DATA,
        "the shards of %s are not whole; nothing was written. Fetch them again:%n  %s%s"
            .formatted(
                folder,
                String.join(
                    System.lineSeparator() + "  ",
                    problems.subList(0, Math.min(problems.size(), MOST_LISTED))),
                more));
  }
}
