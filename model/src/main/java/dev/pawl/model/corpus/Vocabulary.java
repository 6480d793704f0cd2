package dev.pawl.model.corpus;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The words of the grammar. Facts are drawn from names, places and objects. */
final class Vocabulary {
  static final List<String> NAMES =
      List.of(
          "Anna", "Ben", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Ida", "Jonas", "Lena",
          "Max", "Nora", "Oscar", "Paula", "Rosa");
  static final List<String> PLACES =
      List.of("garden", "kitchen", "market", "forest", "library", "harbour", "school", "station");
  static final List<String> OBJECTS =
      List.of("key", "book", "lamp", "ring", "coat", "letter", "map", "bell");

  private Vocabulary() {}

  /** Every token of the grammar, in the order of their ids from 2 on. */
  static List<String> tokens() {
    Set<String> tokens = new LinkedHashSet<>(List.of(".", ",", "?", "!", "\n"));
    List<String> words = new ArrayList<>(Story.PLAIN_WORDS);
    words.addAll(NAMES);
    words.addAll(PLACES);
    words.addAll(OBJECTS);
    for (String word : words) {
      tokens.add(word);
      tokens.add(" " + word);
    }
    return List.copyOf(tokens);
  }
}
