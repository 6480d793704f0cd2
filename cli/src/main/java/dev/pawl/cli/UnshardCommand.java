package dev.pawl.cli;

import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.PublishedCorpus;
import dev.pawl.model.dataset.Shard;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.model.dataset.ShardSet;
import dev.pawl.model.dataset.UnshardListener;
import dev.pawl.model.dataset.Unsharded;
import dev.pawl.model.dataset.Unsharder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Joins shards into one token file. */
@Command(
    name = "unshard",
    mixinStandardHelpOptions = true,
    description = "Join shards into one verified file; the same command goes on after a stop.")
final class UnshardCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "DIR|FIRST_SHARD",
      description = "Folder of the shards, or <base>-00000-of-NNNNN.bin.")
  private Path input;

  @Option(names = "--num-shards", paramLabel = "N", description = "How many there must be.")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Where <base>.bin and <base>.idx appear; made when absent.")
  private Path output;

  @Option(
      names = "--manifest",
      paramLabel = "NAME|FILE",
      description = "Digests of the shards: pythia-deduped, or '<file name> <sha256>' lines.")
  private Optional<String> manifest = Optional.empty();

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description = "Digest of the whole (the published one of a published manifest).")
  private Optional<String> sha256 = Optional.empty();

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Override
  public Integer call() throws IOException {
    Optional<String> expected = sha256.map(given -> given.toLowerCase(Locale.ROOT));
    if (expected.isPresent() && !expected.get().matches("[0-9a-f]{64}")) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--sha256 must be 64 hexadecimal digits, not " + sha256.get());
    }
    if (!Files.exists(input)) {
      throw new NotFoundException("no file or folder " + input);
    }
    Optional<ShardManifest> digests = Optional.empty();
    if (manifest.isPresent()) {
      digests = Optional.of(PublishedCorpus.manifest(manifest.get()));
      if (expected.isEmpty() && !Files.isRegularFile(Path.of(manifest.get()))) {
        expected = PublishedCorpus.find(manifest.get()).map(PublishedCorpus::sha256);
      }
    }
    OptionalInt number = count.map(OptionalInt::of).orElse(OptionalInt.empty());
    ShardSet set = ShardSet.numbered(input, number, digests);
    Files.createDirectories(output);
    Path file = output.resolve(set.base() + ".bin");
    Unsharded made;
    try (TransferProgress progress = new TransferProgress("unshard", set.bytes())) {
      made = Unsharder.unshard(set, file, output, expected, new Talk(progress));
    }
    print(file, made);
    return ExitCode.DONE;
  }

  private void print(Path file, Unsharded made) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("file", file.toString());
    result.put("bytes", format.count(made.whole().bytes()));
    result.put("sha256", made.whole().sha256());
    result.put("shards", made.shards());
    result.put("reused", made.reused());
    result.put("index_sha256", made.index().map(FileDigest::sha256).orElse(""));
    if (format == Format.json) {
      System.out.print(JsonText.of(result));
    } else {
      System.out.print(
          format.rows(List.copyOf(result.keySet()), List.of(List.copyOf(result.values()))));
    }
    if (made.index().isEmpty()) {
      System.err.println(
          "note: there is no .idx beside the shards; the file is no dataset without its index");
    }
  }

  /** Says which shards are read back instead of copied. */
  private static final class Talk implements UnshardListener {
    private final TransferProgress progress;
    private int reused;

    Talk(TransferProgress progress) {
      this.progress = progress;
    }

    @Override
    public void advance(long bytes) {
      progress.advance(bytes);
    }

    @Override
    public void reused(Shard shard) {
      if (reused++ == 0) {
        System.err.println(
            "unshard: an earlier run got some way; what it wrote is read back, not copied again");
      }
    }

    @Override
    public void copying(Shard shard) {
      if (reused > 0) {
        System.err.printf(
            "unshard: %d shards read back, going on at %s%n", reused, shard.path().getFileName());
        reused = 0;
      }
    }
  }
}
