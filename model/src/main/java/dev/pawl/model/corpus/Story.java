package dev.pawl.model.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * One story: who, where and what are told early, asked for late.
 *
 * @param text the whole story, ending in the fact that was asked for and a full stop
 * @param answer its last word
 * @param distractors three wrong last words of the same kind, first the one that the story itself
 *     mentions in another role
 */
record Story(String text, String answer, List<String> distractors) {
  private static final List<String> OPENINGS =
      List.of(
          "%1$s found a %2$s %3$s near the %4$s %5$s.",
          "%1$s lost a %2$s %3$s near the %4$s %5$s.", "%1$s hid a %2$s %3$s near the %4$s %5$s.");
  private static final List<String> MIDDLES =
      List.of(
          "They met in the morning and talked for a long time.",
          "It was a warm day and the sun was high.",
          "It rained and they walked slowly.",
          "They were happy and sang an old song.");

  static final List<String> PLAIN_WORDS = plainWords();

  /** What a story asks for at its end. */
  private enum Question {
    PLACE,
    OBJECT
  }

  /** Story number {@code index} of a stream: a pure function of its arguments. */
  static Story of(long seed, String stream, long index) {
    long mixed = (seed * 0x9E3779B97F4A7C15L ^ stream.hashCode()) * 0xBF58476D1CE4E5B9L + index;
    SplittableRandom random = new SplittableRandom(mixed);
    List<String> names = pick(random, Vocabulary.NAMES, 2);
    List<String> colours = pick(random, Vocabulary.COLOURS, 2);
    List<String> objects = pick(random, Vocabulary.OBJECTS, 4);
    List<String> moods = pick(random, Vocabulary.MOODS, 2);
    List<String> places = pick(random, Vocabulary.PLACES, 4);
    List<String> sentences = new ArrayList<>();
    for (int who = 0; who < 2; who++) {
      sentences.add(
          choose(random, OPENINGS)
              .formatted(
                  names.get(who),
                  colours.get(who),
                  objects.get(who),
                  moods.get(who),
                  places.get(who)));
    }
    sentences.add(choose(random, MIDDLES));
    // Every fact is asked for once in some order, and one of them again at the end.
    List<Integer> order = pick(random, List.of(0, 1, 2, 3), 4);
    String answer = "";
    for (int fact : order) {
      int who = fact / 2;
      boolean object = fact % 2 == 0;
      answer = object ? objects.get(who) : places.get(who);
      String mark = object ? colours.get(who) : moods.get(who);
      Question question = object ? Question.OBJECT : Question.PLACE;
      sentences.add(recall(names.get(who), question, mark, answer));
    }
    int last = order.get(3);
    List<String> all = last % 2 == 0 ? objects : places;
    List<String> distractors = List.of(all.get(1 - last / 2), all.get(2), all.get(3));
    return new Story(String.join(" ", sentences), answer, distractors);
  }

  /** The story up to its last word, without the space before it. */
  String context() {
    return text.substring(0, text.length() - answer.length() - 2);
  }

  private static String recall(String name, Question question, String mark, String fact) {
    return switch (question) {
      case PLACE -> "In the evening %s came back to the %s %s.".formatted(name, mark, fact);
      case OBJECT -> "At night %s looked for the %s %s.".formatted(name, mark, fact);
    };
  }

  private static <T> List<T> pick(SplittableRandom random, List<T> from, int count) {
    List<T> rest = new ArrayList<>(from);
    List<T> picked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      picked.add(rest.remove(random.nextInt(rest.size())));
    }
    return picked;
  }

  private static String choose(SplittableRandom random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static List<String> plainWords() {
    TreeSet<String> words = new TreeSet<>();
    List<String> templates = new ArrayList<>();
    templates.addAll(OPENINGS);
    templates.addAll(MIDDLES);
    for (Question question : Question.values()) {
      templates.add(recall("", question, "", ""));
    }
    for (String template : templates) {
      for (String word : template.replaceAll("%\\d\\$s", "").split("[^A-Za-z]+", -1)) {
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
    }
    return List.copyOf(words);
  }
}
