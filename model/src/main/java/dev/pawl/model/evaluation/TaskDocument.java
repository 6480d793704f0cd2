package dev.pawl.model.evaluation;

import java.util.List;

/**
 * One document of a task, in tokens.
 *
 * @param number its place in the file, from 0
 * @param requests what is asked of the model, in the order of the choices
 * @param gold for each choice whether it is right; empty where nothing is chosen
 * @param characters Unicode code points of each choice; empty where nothing is chosen
 * @param words the count that word perplexity divides by; for windows, of the whole file
 * @param bytes the count that byte perplexity divides by
 */
public record TaskDocument(
    int number,
    List<Request> requests,
    List<Boolean> gold,
    List<Integer> characters,
    long words,
    long bytes) {

  public TaskDocument {
    requests = List.copyOf(requests);
    gold = List.copyOf(gold);
    characters = List.copyOf(characters);
  }

  /** Tokens of the longest request. */
  int longest() {
    return requests.stream().mapToInt(Request::length).max().orElse(0);
  }
}
