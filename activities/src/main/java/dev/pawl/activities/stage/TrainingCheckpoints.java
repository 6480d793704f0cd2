package dev.pawl.activities.stage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.db.CheckpointRow;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.SaveListener;
import dev.pawl.model.checkpoint.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints of one attempt at a training: found, saved, recorded and removed. */
final class TrainingCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingCheckpoints.class);

  /** Two, so that the one before is there when the newest is found damaged. */
  private static final int KEPT = 2;

  private final StageContext context;
  private final JsonNode lineage;
  private final CheckpointStore store;
  private Optional<Checkpoint> last = Optional.empty();

  /**
   * Checkpoints in the stage's work folder.
   *
   * @param lineage what every checkpoint says of where it comes from
   */
  TrainingCheckpoints(StageContext context, JsonNode lineage) {
    this.context = context;
    this.lineage = lineage;
    this.store = new CheckpointStore(context.work().resolve("checkpoints"), this::saving);
  }

  private void saving(SaveListener.Moment moment, long step) {
    switch (moment) {
      case WEIGHTS_WRITTEN -> FaultPoints.reach("pretrain.during_save", step);
      case FORCED -> {
        // The last word before anything of that step is replaced: a zombie stops here, and one that
        // is stopped right behind it finds no folder under the path that it knows.
        context.database().stages().requireHeld(context.claim());
        FaultPoints.reach("pretrain.before_save_move", step);
      }
    }
  }

  /** The newest valid checkpoint that an earlier attempt left; it is in the record afterwards. */
  Optional<Checkpoint> find() throws IOException {
    List<String> problems = new ArrayList<>();
    last = store.newestValid(problems);
    problems.forEach(problem -> LOG.warn("checkpoint set aside: {}", problem));
    if (last.isPresent()) {
      // Saved, perhaps, by a process that died before it could record it.
      record(last.get());
    }
    return last;
  }

  /** Whether the newest checkpoint holds this very state. */
  boolean holds(TrainingState state) {
    return last.isPresent() && last.get().step() == state.step();
  }

  /** Saves a state and records it. */
  Checkpoint save(TrainingState state) throws IOException {
    FaultPoints.reach("pretrain.before_save", state.step());
    Checkpoint saved = store.save(state, lineage);
    FaultPoints.reach("pretrain.after_save", state.step());
    record(saved);
    FaultPoints.reach("pretrain.after_record", state.step());
    store.keepNewest(KEPT);
    last = Optional.of(saved);
    return saved;
  }

  /** The checkpoint of this very state, saved if it is not yet. */
  Checkpoint saved(TrainingState state) throws IOException {
    return holds(state) ? last.orElseThrow() : save(state);
  }

  private void record(Checkpoint working) throws IOException {
    record(
        working,
        "work/%s/%d/checkpoints/%s"
            .formatted(
                context.stage().key(), context.claim().attempt(), working.folder().getFileName()));
  }

  /** Writes a checkpoint into the record; the path is relative to the home. */
  void record(Checkpoint checkpoint, String path) throws IOException {
    context
        .database()
        .checkpoints()
        .record(
            context.claim(),
            new CheckpointRow(
                checkpoint.step(),
                checkpoint.consumedSamples(),
                checkpoint.sha256(),
                checkpoint.parentSha256(),
                path,
                bytes(checkpoint.folder())));
  }

  private static long bytes(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
