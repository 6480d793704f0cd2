package dev.pawl.model.evaluation;

import java.util.List;

/**
 * One document of a task.
 *
 * @param continuations one for a cloze; all choices, each with its leading space, otherwise
 * @param gold index of the right one
 */
public record TaskDocument(String id, String context, List<String> continuations, int gold) {}
