package dev.pawl.activities.stage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.protocol.AttemptPhase;
import dev.pawl.activities.protocol.FaultPoints;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.TimeLedger;
import dev.pawl.db.CheckpointRow;
import dev.pawl.db.MetricPoint;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.Damage;
import dev.pawl.model.checkpoint.KeepPolicy;
import dev.pawl.model.checkpoint.SkippedRange;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one attempt at a training: found, saved, recorded, removed and published.
 *
 * <p>A save takes a copy and returns; it is written, recorded and followed by removals in a thread
 * of its own, one save at a time. What goes wrong there is thrown by the next call of any method
 * that throws. Used by the thread that trains.
 */
final class TrainingCheckpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingCheckpoints.class);

  private static final double NANOS = 1e9;
  private static final String FOLDER = "checkpoints";

  private final StageContext context;
  private final TrainingConfig training;
  private final TrainingLineage lineage;
  private final CheckpointStore store;
  private final KeepPolicy policy;
  private final CheckpointWriter writer;
  private final OtherHosts others;
  private Optional<Checkpoint> last = Optional.empty();
  private long saving = -1;
  private @Nullable SavePoints points;

  /**
   * Checkpoints in the stage's work folder.
   *
   * @param lineage what every checkpoint says of where it comes from
   */
  TrainingCheckpoints(StageContext context, TrainingConfig training, TrainingLineage lineage) {
    this.context = context;
    this.training = training;
    this.lineage = lineage;
    this.store = new CheckpointStore(context.work().resolve(FOLDER));
    this.policy = new KeepPolicy(training.checkpoints());
    this.writer =
        new CheckpointWriter(
            training.checkpoints().asyncSave()
                ? Optional.of("pawl-checkpoint-" + context.stage().key().substring(0, 8))
                : Optional.empty());
    this.others = new OtherHosts(context, context.work().resolve(FOLDER));
  }

  /**
   * The newest valid checkpoint that an earlier attempt left; it is in the record afterwards, and
   * so is every damaged one that was found before it. One of steps that were taken back since is
   * removed.
   *
   * @param rewinds what the training went back for, as the record knows it
   */
  Optional<Checkpoint> find(List<SkippedRange> rewinds) throws IOException {
    settle();
    others.fetch();
    List<Damage> damaged = new ArrayList<>();
    last = store.newestValid(damaged);
    for (SkippedRange rewind : rewinds) {
      while (last.isPresent() && takenBack(last.get(), rewind)) {
        store.removeAfter(rewind.step());
        last = store.newestValid(damaged);
      }
    }
    String instead =
        last.map(found -> "training goes on from step " + found.step())
            .orElse("training begins anew");
    for (Damage damage : damaged) {
      note(damage, instead);
    }
    saving = last.map(Checkpoint::step).orElse(-1L);
    if (points != null) {
      points.at(Math.max(0, saving));
    }
    if (last.isEmpty()) {
      lineage.begins();
    } else {
      lineage.goesOn(last.get());
      // Saved, perhaps, by a process that died before it could record it.
      record(last.get());
    }
    Map<Long, String> there = new HashMap<>();
    store.steps().forEach(step -> there.put(step, working(step)));
    rows().there(context.claim(), there, "it was not found");
    if (last.isPresent()) {
      others.changed();
    }
    return last;
  }

  private dev.pawl.db.CheckpointStore rows() {
    return context.database().checkpoints();
  }

  private static boolean takenBack(Checkpoint checkpoint, SkippedRange rewind) {
    return checkpoint.step() > rewind.step() && !checkpoint.anomalies().skipped().contains(rewind);
  }

  /** Waits for the save that was begun: a training that goes back must not be overtaken by it. */
  void settle() throws IOException {
    writer.await().ifPresent(this::written);
  }

  /** Adds to what every later checkpoint says of itself. */
  void say(String name, JsonNode value) {
    lineage.say(name, value);
  }

  /**
   * Loads a checkpoint that was found.
   *
   * @throws PawlException DATA when it is not one of this model
   */
  static void load(Checkpoint found, TrainingState state) {
    try {
      CheckpointStore.load(found, state);
    } catch (PawlException foreign) {
      throw new PawlException(
          foreign.failureCause(),
          "%s%nIt is not of this training: remove %s, or bring back the one that was there"
              .formatted(foreign.getMessage(), found.folder()),
          foreign);
    }
  }

  private void note(Damage damage, String instead) {
    LOG.warn("checkpoint set aside: {}; {}", damage.problem(), instead);
    context
        .database()
        .findings()
        .note(
            context.claim(),
            "checkpoint",
            "%s; it was set aside, %s".formatted(damage.problem(), instead));
    rows().removed(context.claim(), List.of(damage.step()), "damaged: " + damage.problem());
  }

  /** Whether the newest checkpoint holds this very state, or will as soon as it is written. */
  private boolean holds(TrainingState state) {
    return saving == state.step();
  }

  /** Takes the time of a step. */
  void stepped(TrainingState state, double seconds, boolean writing) {
    points(state, state.step() - 1).stepped(seconds, writing);
  }

  /** Whether to save after the step that a state has just done. */
  boolean due(TrainingState state, boolean validated) {
    return points(state, state.step() - 1).due(state.step(), validated);
  }

  private SavePoints points(TrainingState state, long begin) {
    SavePoints known = points;
    if (known == null) {
      known = new SavePoints(training, policy, () -> losses(state.step()), state.bytes());
      known.at(begin);
      points = known;
    }
    return known;
  }

  /** Whether a checkpoint is being written. */
  boolean writing() {
    return writer.writing();
  }

  /**
   * Throws what made a save fail, if one did since the last call.
   *
   * @throws PawlException as {@link CheckpointStore#save} does
   * @throws dev.pawl.db.FencedException when another worker holds the stage
   */
  void check() throws IOException {
    if (!writer.writing()) {
      settle();
    }
  }

  /**
   * Saves a state, which may be changed afterwards; metrics of its steps must be in the record.
   *
   * @return seconds for which this kept training waiting
   */
  double save(TrainingState state) throws IOException {
    return context.observer().during(AttemptPhase.CHECKPOINT_STALL, () -> begin(state));
  }

  private double begin(TrainingState state) throws IOException {
    long start = System.nanoTime();
    TimeLedger.Mark mark = context.time().mark(state.step());
    // Of this moment: what is read for later steps must not get into it.
    JsonNode from = lineage.of(state);
    context
        .time()
        .saving(
            () -> {
              settle();
              saving = state.step();
              writer.start(state, still -> watched(still, from, mark)).ifPresent(this::written);
              return mark;
            });
    double seconds = (System.nanoTime() - start) / NANOS;
    SavePoints then = points(state, state.step());
    then.saved(state.step(), seconds);
    LOG.debug("save after step {} took {} s, next in {}", state.step(), seconds, then.steps());
    return seconds;
  }

  /** The checkpoint of this very state, saved if it is not yet, written and recorded. */
  Checkpoint saved(TrainingState state) throws IOException {
    await();
    if (!holds(state)) {
      save(state);
      await();
    }
    return last.orElseThrow();
  }

  private void await() throws IOException {
    context.time().saving(writer::await).ifPresent(this::written);
  }

  private void written(Checkpoint checkpoint) {
    last = Optional.of(checkpoint);
  }

  /** Gives up the save that was begun: nothing of it becomes visible after its claim is lost. */
  void abandon() {
    writer.abandon();
  }

  private Checkpoint watched(TrainingState state, JsonNode from, TimeLedger.Mark mark)
      throws IOException {
    return context.observer().during(AttemptPhase.CHECKPOINT_WRITE, () -> write(state, from, mark));
  }

  // In the writer's thread. Every step is fenced: whoever lost the claim moves and removes nothing.
  private Checkpoint write(TrainingState state, JsonNode from, TimeLedger.Mark mark)
      throws IOException {
    long step = state.step();
    FaultPoints.reach("pretrain.before_save", step);
    Checkpoint saved =
        store.save(
            state,
            from,
            writer.guard(
                () -> FaultPoints.reach("pretrain.during_save", step),
                () -> {
                  // The last word: a zombie stops here, and one that is stopped right behind it
                  // finds no folder under the path that it knows.
                  context.database().stages().requireHeld(context.claim());
                  FaultPoints.reach("pretrain.before_save_move", step);
                }));
    FaultPoints.reach("pretrain.after_save", step);
    context.observer().saved(record(saved));
    context.time().kept(mark);
    FaultPoints.reach("pretrain.after_record", step);
    SortedSet<Long> removable = policy.removable(store.steps(), losses(step));
    if (training.anomalies().mayRewind()) {
      removable.remove(training.anomalies().rewindPoint(step));
    }
    rows().removed(context.claim(), removable, "newer ones are there");
    for (long old : removable) {
      FaultPoints.reach("pretrain.remove", old);
      store.remove(old);
    }
    others.changed();
    return saved;
  }

  // An attempt before may have been further: what it found is not yet this one's.
  private Map<Long, Double> losses(long until) {
    Map<Long, Double> losses = new HashMap<>();
    if (training.checkpoints().keepBest() > 0) {
      for (MetricPoint point :
          context.database().metrics().curve(context.stage().key(), StepMetrics.VALID_LOSS)) {
        if (point.step() <= until) {
          losses.put(point.step(), point.value());
        }
      }
    }
    return losses;
  }

  /**
   * Gives the final checkpoint and those that are kept for good to the artifact, and says in the
   * record where they are then.
   *
   * @param artifact place of the artifact, relative to the home
   */
  void publish(Checkpoint end, Path output, String artifact) throws IOException {
    Map<Long, String> places = new TreeMap<>();
    for (long step : policy.forGood(store.steps(), losses(end.step()))) {
      if (step != end.step() && isWhole(step)) {
        link(store.folder(step), output);
        places.put(step, place(artifact, step));
      }
    }
    link(end.folder(), output);
    places.put(end.step(), place(artifact, end.step()));
    rows().there(context.claim(), places, "the training is done");
  }

  private boolean isWhole(long step) {
    try {
      CheckpointStore.verify(store.folder(step));
      return true;
    } catch (PawlException damaged) {
      note(new Damage(step, String.valueOf(damaged.getMessage())), "it is not in the artifact");
      return false;
    }
  }

  private static String place(String artifact, long step) {
    return "%s/checkpoint-%d".formatted(artifact, step);
  }

  private static void link(Path checkpoint, Path output) throws IOException {
    Path target = Files.createDirectories(output.resolve(checkpoint.getFileName()));
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        // The working folder keeps its checkpoint until the stage is done.
        DurableFiles.linkOrCopy(file, target.resolve(file.getFileName()));
      }
    }
  }

  private String working(long step) {
    return place(
        "work/%s/%d/checkpoints".formatted(context.stage().key(), context.claim().attempt()), step);
  }

  /** Returns the bytes of its files. */
  private long record(Checkpoint checkpoint) throws IOException {
    long bytes = Sizes.of(checkpoint.folder());
    rows()
        .record(
            context.claim(),
            new CheckpointRow(
                checkpoint.step(),
                checkpoint.consumedSamples(),
                checkpoint.sha256(),
                checkpoint.parentSha256(),
                working(checkpoint.step()),
                bytes));
    return bytes;
  }

  /** Waits until other hosts have what is saved, or cannot have it now. */
  void copied() {
    context
        .time()
        .saving(
            () -> {
              others.settle();
              return last;
            });
  }

  /** Waits for the save that was begun; what made it fail is thrown, unless it was abandoned. */
  @Override
  public void close() throws IOException {
    try {
      writer.close();
    } finally {
      others.close();
    }
  }
}
