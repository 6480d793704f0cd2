package dev.pawl.activities.verify;

import java.util.Map;
import java.util.SortedMap;

/**
 * What a certificate says of a stage.
 *
 * @param stage id of its kind
 * @param version of what the kind computes
 * @param key hash of all that determines the result
 * @param digest of its artifact; empty when it has none
 * @param environments what each attempt ran on, by the attempt's number
 */
public record StageFacts(
    String stage,
    int version,
    String key,
    String digest,
    SortedMap<Integer, Map<String, String>> environments) {}
