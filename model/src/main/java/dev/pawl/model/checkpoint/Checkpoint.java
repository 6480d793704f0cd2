package dev.pawl.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One saved state of training.
 *
 * @param folder {@code checkpoint-<step>}
 * @param step optimizer steps done
 * @param consumedSamples samples those steps have used
 * @param sha256 digest of tensors and training state; not of times or paths
 * @param parentSha256 of the checkpoint that the training went on from; none after initial weights
 * @param anomalies what the training had passed over, and expected of the next loss
 * @param lineage what the state was made from and with: model, training, data, tokenizer, machine
 */
public record Checkpoint(
    Path folder,
    long step,
    long consumedSamples,
    String sha256,
    Optional<String> parentSha256,
    AnomalyState anomalies,
    JsonNode lineage) {}
