package dev.pawl.activities.protocol;

import dev.pawl.experiments.plan.StageKind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All places at which a fault may be caused. {@link FaultPoints#reach} refuses a name that is not
 * here, and a test compares this list with the source, so that neither runs ahead of the other.
 */
public final class FaultCatalog {
  private static final Map<String, FaultPoint> POINTS = new LinkedHashMap<>();

  static {
    for (StageKind kind : StageKind.values()) {
      String stage = kind.id();
      add(stage + ".before_claim", "the stage is not done, and not claimed yet");
      add(stage + ".after_claim", "the claim is in the record, nothing is done");
      inside(kind);
      add(stage + ".after_execute", "the result is in the attempt's folder, not sealed");
      add(stage + ".before_publish", "the result is sealed and on the disk");
      add(stage + ".before_move", "the claim was checked a last time, the result is not visible");
      add(stage + ".between_move_and_done", "the result is visible, the stage is not marked done");
      add(stage + ".after_done", "the stage is done, its work folder is still there");
      add(stage + ".after_reopen", "a damaged result was found and its stage opened again");
    }
  }

  private FaultCatalog() {}

  private static void inside(StageKind kind) {
    switch (kind) {
      case UNSHARD -> add("unshard.shard", "shard, from 1", "shard N is about to be copied");
      case TOKENIZE -> {
        add("tokenize.document", "documents of a file", "N documents of a file are tokenized");
        add("tokenize.after_partition", "a partition is tokenized and on the disk");
      }
      case PRETRAIN -> {
        add("pretrain.step", "step", "training step N is about to begin");
        add("pretrain.validation", "step", "half-way through the validation after step N");
        add("pretrain.before_save", "step", "checkpoint N is about to be written");
        add("pretrain.during_save", "step", "weights of checkpoint N are written, moments are not");
        add("pretrain.before_save_move", "step", "checkpoint N is on the disk, not in its place");
        add("pretrain.after_save", "step", "checkpoint N is in its place, not in the record");
        add("pretrain.after_record", "step", "checkpoint N is recorded, old ones are still there");
        add("pretrain.before_copy", "step", "checkpoint N is about to be copied for other hosts");
        add("pretrain.after_copy", "step", "checkpoint N can be found by other hosts");
        add("pretrain.remove", "step", "checkpoint N is out of the record, about to be removed");
        add("pretrain.before_rewind", "step", "training is about to go back to step N");
        add("pretrain.after_rewind", "step", "the record knows that training goes back to step N");
        add("pretrain.after_rest", "the training rests at its rung, nobody knows of it yet");
      }
      case EVALUATE ->
          add("evaluate.document", "documents, over all tasks", "N documents are scored");
      case GENERATION ->
          add("generation.repetition", "repetition, from 1", "repetition N is about to begin");
      default -> {}
    }
  }

  private static void add(String name, String description) {
    add(name, "", description);
  }

  private static void add(String name, String number, String description) {
    POINTS.put(name, new FaultPoint(name, number, description));
  }

  /** All points, by stage and in the order in which a stage reaches them. */
  public static Collection<FaultPoint> points() {
    return List.copyOf(POINTS.values());
  }

  static Optional<FaultPoint> find(String name) {
    return Optional.ofNullable(POINTS.get(name));
  }
}
