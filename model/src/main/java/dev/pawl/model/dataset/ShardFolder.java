package dev.pawl.model.dataset;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Compares a folder of shards with its manifest. */
public final class ShardFolder {
  private static final long POLL_MILLIS = 50;

  private final Path folder;
  private final ShardPart part;
  private final ByteProgress progress;
  private final LongAdder read = new LongAdder();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private long told;

  private ShardFolder(Path folder, ShardPart part, ByteProgress progress) {
    this.folder = folder;
    this.part = part;
    this.progress = progress;
  }

  /** Hashes every shard in one thread, without a journal. */
  public static ShardReport verify(Path folder, ShardManifest manifest, ByteProgress progress)
      throws IOException {
    return verify(folder, manifest, 1, Optional.empty(), progress);
  }

  /**
   * Hashes every shard; lists each mismatch, each missing and each extra file. Extra is any file
   * beside the shards but hidden ones and the manifest.
   *
   * @param jobs files that are hashed at a time
   * @param journal where good shards are remembered by name, size and time of change, so that a run
   *     after a killed one, or after one that found problems, does not hash them again; removed
   *     when all is well
   * @param progress called by the calling thread only; may throw to stop the work
   */
  public static ShardReport verify(
      Path folder, ShardManifest manifest, int jobs, Optional<Path> journal, ByteProgress progress)
      throws IOException {
    return verify(folder, manifest, ShardPart.WHOLE, jobs, journal, progress);
  }

  /**
   * The same for one part of the shards; the first part lists the extra files of the folder too, so
   * that all parts together say what one look at everything says.
   */
  public static ShardReport verify(
      Path folder,
      ShardManifest manifest,
      ShardPart part,
      int jobs,
      Optional<Path> journal,
      ByteProgress progress)
      throws IOException {
    return new ShardFolder(folder, part, progress).verify(manifest, jobs, journal);
  }

  /** Writes what was found good as a journal that a later look may start from. */
  public static void remember(Path journal, ShardReport report) throws IOException {
    try (ChecksumJournal written = ChecksumJournal.open(Optional.of(journal))) {
      for (Shard shard : report.good()) {
        written.good(shard, shard.sha256().orElseThrow());
      }
    }
  }

  private ShardReport verify(ShardManifest manifest, int jobs, Optional<Path> journalFile)
      throws IOException {
    Map<String, FileCheck> checks = new LinkedHashMap<>();
    for (String name : part.names(manifest)) {
      if (Files.isRegularFile(folder.resolve(name))) {
        checks.put(name, new FileCheck(manifest.digests().get(name)));
      }
    }
    int reused = 0;
    ExecutorService threads = Executors.newFixedThreadPool(jobs, ShardFolder::daemon);
    try (ChecksumJournal journal = ChecksumJournal.open(journalFile)) {
      for (Map.Entry<String, FileCheck> each : checks.entrySet()) {
        FileCheck check = each.getValue();
        Shard shard = Shard.of(folder.resolve(each.getKey()), Optional.of(check.expected));
        check.seen = Optional.of(shard);
        if (journal.knows(shard, check.expected)) {
          check.found = Optional.of(new FileDigest(shard.bytes(), check.expected));
          read.add(shard.bytes());
          reused++;
        } else {
          check.hashing = Optional.of(threads.submit(() -> hash(shard, check.expected, journal)));
        }
      }
      for (FileCheck check : checks.values()) {
        if (check.hashing.isPresent()) {
          check.found = Optional.of(await(check.hashing.get()));
        }
      }
      tell();
    } finally {
      stopped.set(true);
      end(threads);
    }
    ShardReport report = report(manifest, checks, reused, journalFile);
    if (report.problems().isEmpty() && journalFile.isPresent()) {
      Files.deleteIfExists(journalFile.get());
    }
    return report;
  }

  private FileDigest hash(Shard shard, String expected, ChecksumJournal journal)
      throws IOException {
    FileDigest found =
        FileDigests.of(
            shard.path(),
            bytes -> {
              if (stopped.get()) {
                throw new CancellationException("stopped");
              }
              read.add(bytes);
            });
    if (found.sha256().equals(expected)) {
      journal.good(shard, expected);
    }
    return found;
  }

  // The caller's thread waits and tells: a progress that throws stops everything.
  private FileDigest await(Future<FileDigest> hashing) throws IOException {
    while (true) {
      try {
        tell();
        return hashing.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException running) {
        // Tell again and go on waiting.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while hashing " + folder);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException io) {
          throw io;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private void tell() {
    long now = read.sum();
    if (now > told) {
      long more = now - told;
      told = now;
      progress.advance(more);
    } else {
      progress.advance(0);
    }
  }

  private ShardReport report(
      ShardManifest manifest, Map<String, FileCheck> checks, int reused, Optional<Path> journal)
      throws IOException {
    List<ShardProblem> problems = new ArrayList<>();
    List<Shard> good = new ArrayList<>();
    long bytes = 0;
    List<String> names = part.names(manifest);
    for (String name : names) {
      FileCheck check = checks.get(name);
      if (check == null) {
        problems.add(
            new ShardProblem(
                name, ShardProblem.Kind.MISSING, folder.resolve(name) + " is missing: fetch it"));
        continue;
      }
      FileDigest found = check.found.orElseThrow();
      bytes += found.bytes();
      if (found.sha256().equals(check.expected)) {
        good.add(check.seen.orElseThrow());
      } else {
        problems.add(
            new ShardProblem(
                name,
                ShardProblem.Kind.MISMATCH,
                "%s (%d bytes) has SHA-256 %s, its manifest says %s: it is damaged or truncated, fetch it again"
                    .formatted(
                        folder.resolve(name), found.bytes(), found.sha256(), check.expected)));
      }
    }
    List<Path> beside = part.number() == 1 ? ShardManifest.shardFiles(folder) : List.of();
    for (Path file : beside) {
      String name = file.getFileName().toString();
      boolean own = journal.map(state -> same(state, file)).orElse(false);
      if (!manifest.digests().containsKey(name) && !own) {
        problems.add(
            new ShardProblem(
                name,
                ShardProblem.Kind.EXTRA,
                "%s is extra: the manifest does not name it".formatted(file)));
      }
    }
    return new ShardReport(names.size(), bytes, reused, problems, good);
  }

  private static boolean same(Path a, Path b) {
    return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "checksum");
    thread.setDaemon(true);
    return thread;
  }

  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    try {
      threads.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One file on its way; for the calling thread. */
  private static final class FileCheck {
    private final String expected;
    private Optional<Shard> seen = Optional.empty();
    private Optional<Future<FileDigest>> hashing = Optional.empty();
    private Optional<FileDigest> found = Optional.empty();

    FileCheck(String expected) {
      this.expected = expected;
    }
  }
}
