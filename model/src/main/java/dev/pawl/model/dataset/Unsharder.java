package dev.pawl.model.dataset;

import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Joins shards into one file (block-transformer.md 5.3). Each shard is read once; its own digest,
 * the digest of the whole and the writing overlap. A killed run goes on at the shard where it
 * stopped. The output appears under its name only when it is whole and verified, its index after
 * it.
 *
 * <p>The digest of the whole is sequential and the platform's SHA-256 cannot be stored in its
 * midst. A run that goes on therefore reads back what is written, checking every shard of it on the
 * way. The alternative, an own SHA-256 whose state can be stored, has no help of the processor:
 * 0.14 GB/s against 1.1 GB/s measured, which would cost every run more than any restart.
 */
public final class Unsharder {
  private Unsharder() {}

  /**
   * Joins the shards of a manifest in name order, with all that is unfinished beside the output.
   */
  public static FileDigest unshard(
      Path folder, ShardManifest manifest, Path output, ByteProgress progress) throws IOException {
    ShardSet set = ShardSet.ofManifest(folder, manifest);
    Path work = output.toAbsolutePath().getParent();
    return unshard(set, output, work, Optional.empty(), progress::advance).whole();
  }

  /**
   * Joins shards.
   *
   * @param output the file to make
   * @param work where the unfinished output, its journal and its lock are kept, on the disk of the
   *     output; the same for every call that is to go on
   * @param sha256 what the whole must have; empty when nobody knows
   * @throws PawlException DATA on a wrong shard, index or whole, INFRASTRUCTURE when the disk has
   *     no room
   * @throws BusyException when another process writes the output, or it exists and cannot be
   *     checked
   */
  public static Unsharded unshard(
      ShardSet set, Path output, Path work, Optional<String> sha256, UnshardListener listener)
      throws IOException {
    Path draft = work.resolve(output.getFileName() + ".partial");
    Path journalFile = work.resolve(output.getFileName() + ".journal");
    try (OutputLock lock = OutputLock.take(work.resolve(output.getFileName()))) {
      boolean moved = Files.exists(output) && !Files.exists(draft);
      if (Files.exists(output) && (!moved || !Files.exists(journalFile))) {
        return existing(set, output, sha256, listener);
      }
      long written = Files.exists(moved ? output : draft) ? Files.size(moved ? output : draft) : 0;
      IndexCopy index = new IndexCopy(set, output);
      Unsharded made;
      try (UnshardJournal journal = UnshardJournal.open(journalFile, set.shards(), written)) {
        if (moved && journal.whole().isEmpty()) {
          return existing(set, output, sha256, listener);
        }
        FileDigest whole;
        int reused = journal.digests().size();
        if (journal.whole().isPresent()) {
          whole = journal.whole().get();
          listener.advance(whole.bytes());
        } else {
          index.check();
          DiskRoom.require(output, set.bytes() + index.bytes() - written);
          try (ShardJoin join = new ShardJoin(set, draft, journal, listener)) {
            reused = join.readBack();
            join.copy(reused);
            whole = join.finish();
          }
          requireWhole(output, whole, sha256);
          journal.whole(whole);
        }
        Optional<FileDigest> copied = index.copy();
        lock.requireHeld();
        if (!moved) {
          Files.move(draft, output, StandardCopyOption.ATOMIC_MOVE);
        }
        index.publish();
        made = new Unsharded(whole, set.shards().size(), reused, copied);
      }
      Files.deleteIfExists(journalFile);
      return made;
    }
  }

  private static void requireWhole(Path output, FileDigest whole, Optional<String> sha256) {
    if (sha256.isPresent() && !sha256.get().equals(whole.sha256())) {
      throw new PawlException(
          FailureCause.DATA,
          "%s would have SHA-256 %s (%,d bytes), expected is %s: a shard is damaged or not of this corpus; 'pawl data checksum' with a manifest names it"
              .formatted(output, whole.sha256(), whole.bytes(), sha256.get()));
    }
  }

  /** An output that was there before: right, wrong, or nobody can tell. */
  private static Unsharded existing(
      ShardSet set, Path output, Optional<String> sha256, UnshardListener listener)
      throws IOException {
    if (sha256.isEmpty() || Files.size(output) != set.bytes()) {
      throw new BusyException(
          "%s exists (%,d bytes, the shards have %,d); remove it or choose another output"
              .formatted(output, Files.size(output), set.bytes()));
    }
    FileDigest found = FileDigests.of(output, listener);
    if (!found.sha256().equals(sha256.get())) {
      throw new PawlException(
          FailureCause.DATA,
          "%s exists and has SHA-256 %s, expected is %s; remove it and run this again"
              .formatted(output, found.sha256(), sha256.get()));
    }
    IndexCopy index = new IndexCopy(set, output);
    Optional<FileDigest> copied = index.copy();
    index.publish();
    int shards = set.shards().size();
    return new Unsharded(found, shards, shards, copied);
  }
}
