package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.experiments.stage.CorpusStageConfig;
import dev.pawl.experiments.stage.FileIdentity;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.dataset.ShardFolder;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.model.dataset.ShardProblem;
import dev.pawl.model.dataset.ShardReport;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Takes a user's own files into the artifact of a corpus, unchanged. */
final class CorpusImport {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int MOST_JOBS = 4;

  private final StageContext context;
  private final Path corpus;

  CorpusImport(StageContext context) {
    this.context = context;
    this.corpus = context.output();
  }

  /** Each file becomes a shard; numbered names keep the order in which they were given. */
  void files(List<FileIdentity> files, List<FileIdentity> valid) throws IOException {
    Path shards = Files.createDirectories(CorpusLayout.shards(corpus));
    String extension = CorpusLayout.extension(paths(files));
    ByteCount progress = new ByteCount(context, total(files) + total(valid));
    int number = 0;
    for (FileIdentity file : files) {
      Path target = shards.resolve("part-%05d%s".formatted(number++, extension));
      append(file, target, extension, progress);
      DurableFiles.flush(target);
    }
    ShardManifest.ofFolder(shards).write(CorpusLayout.manifest(corpus));
    if (!valid.isEmpty()) {
      String validExtension = CorpusLayout.extension(paths(valid));
      Path target = corpus.resolve("valid" + validExtension);
      for (FileIdentity file : valid) {
        append(file, target, validExtension, progress);
      }
      DurableFiles.flush(target);
    }
  }

  /** The shards that the user's manifest names, with that manifest. */
  void shards(CorpusStageConfig config) throws IOException {
    Path from = Path.of(config.shards().path());
    ShardManifest manifest = CorpusLayout.plannedManifest(config.shards());
    verify(from, manifest);
    Path shards = Files.createDirectories(CorpusLayout.shards(corpus));
    for (String name : manifest.digests().keySet()) {
      take(from.resolve(name), shards.resolve(name));
    }
    manifest.write(CorpusLayout.manifest(corpus));
  }

  /**
   * Every byte is looked at before anything is taken: a damaged shard that got into the artifact
   * would stay there, whatever is fetched again later. What the stages before this one, or an
   * earlier attempt, found good is read again only where it has been written since.
   */
  private void verify(Path from, ShardManifest manifest) throws IOException {
    Path journal = context.work().resolve(ChecksumShardsStage.JOURNAL);
    for (String input : new TreeSet<>(context.stage().inputs().keySet())) {
      // After half a line of a killed process, a line of its own.
      Files.writeString(
          journal,
          "\n" + Files.readString(context.input(input).resolve(ChecksumShardsStage.JOURNAL)),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
    ShardReport report =
        ShardFolder.verify(
            from,
            manifest,
            Math.min(MOST_JOBS, Runtime.getRuntime().availableProcessors()),
            Optional.of(journal),
            new ByteCount(context, Sizes.of(from)));
    if (!report.problems().isEmpty()) {
      throw new PawlException(
          FailureCause.DATA,
          "dataset.shards: %d files of %s are not as its %s says; mend them and run the same command again:%n%s"
              .formatted(
                  report.problems().size(),
                  from,
                  CorpusLayout.CHECKSUMS,
                  report.problems().stream()
                      .map(ShardProblem::message)
                      .collect(Collectors.joining(System.lineSeparator()))));
    }
  }

  /** Links when the disk allows it: a corpus may be larger than what is left on the disk. */
  private void take(Path source, Path target) throws IOException {
    context.check();
    DurableFiles.linkOrCopy(source, target);
  }

  private void append(FileIdentity file, Path target, String extension, ByteCount progress)
      throws IOException {
    Path source = Path.of(file.path());
    if (!Files.isRegularFile(source)) {
      throw new PawlException(
          FailureCause.DATA, "%s is missing; bring it back or change the spec".formatted(source));
    }
    if (!FileDigests.of(source, bytes -> context.check()).sha256().equals(file.sha256())) {
      throw CorpusLayout.changed(source);
    }
    if (extension.equals(".jsonl")) {
      CorpusLayout.requireLastNewline(source);
    }
    try (InputStream in = Files.newInputStream(source);
        OutputStream out =
            Files.newOutputStream(target, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        progress.advance(read);
      }
    }
  }

  private static List<String> paths(List<FileIdentity> files) {
    return files.stream().map(FileIdentity::path).toList();
  }

  private static long total(List<FileIdentity> files) throws IOException {
    long total = 0;
    for (FileIdentity file : files) {
      Path path = Path.of(file.path());
      total += Files.exists(path) ? Files.size(path) : 0;
    }
    return total;
  }
}
