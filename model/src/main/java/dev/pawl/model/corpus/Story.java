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
          "%1$s lives near the %2$s. %3$s lives near the %4$s.",
          "%1$s works at the %2$s. %3$s works at the %4$s.",
          "%1$s was born near the %2$s. %3$s was born near the %4$s.");
  private static final List<String> POSSESSIONS =
      List.of(
          "%1$s has a %5$s %6$s. %3$s has a %7$s %8$s.",
          "%1$s found a %5$s %6$s. %3$s found a %7$s %8$s.",
          "%1$s bought a %5$s %6$s. %3$s bought a %7$s %8$s.");
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
    List<String> places = pick(random, Vocabulary.PLACES, 4);
    List<String> objects = pick(random, Vocabulary.OBJECTS, 4);
    List<String> colours = pick(random, Vocabulary.COLOURS, 2);
    Object[] facts = {
      names.get(0),
      places.get(0),
      names.get(1),
      places.get(1),
      colours.get(0),
      objects.get(0),
      colours.get(1),
      objects.get(1)
    };
    int who = random.nextInt(2);
    Question question = random.nextBoolean() ? Question.PLACE : Question.OBJECT;
    List<String> sentences = new ArrayList<>();
    sentences.add(choose(random, OPENINGS).formatted(facts));
    sentences.add(choose(random, POSSESSIONS).formatted(facts));
    sentences.add(choose(random, MIDDLES));
    // Both facts of the one not asked about, then one of the other: the same copying, many times.
    sentences.add(recall(names.get(1 - who), Question.PLACE, places.get(1 - who)));
    sentences.add(recall(names.get(1 - who), Question.OBJECT, objects.get(1 - who)));
    Question other = question == Question.PLACE ? Question.OBJECT : Question.PLACE;
    sentences.add(recall(names.get(who), other, fact(other, places, objects, who)));
    String answer = fact(question, places, objects, who);
    sentences.add(recall(names.get(who), question, answer));
    List<String> all = question == Question.PLACE ? places : objects;
    List<String> distractors = List.of(all.get(1 - who), all.get(2), all.get(3));
    return new Story(String.join(" ", sentences), answer, distractors);
  }

  /** The story up to its last word, without the space before it. */
  String context() {
    return text.substring(0, text.length() - answer.length() - 2);
  }

  private static String recall(String name, Question question, String fact) {
    return switch (question) {
      case PLACE -> "In the evening %s went back to the %s.".formatted(name, fact);
      case OBJECT -> "At night %s looked for the %s.".formatted(name, fact);
    };
  }

  private static String fact(
      Question question, List<String> places, List<String> objects, int who) {
    return question == Question.PLACE ? places.get(who) : objects.get(who);
  }

  private static List<String> pick(SplittableRandom random, List<String> from, int count) {
    List<String> rest = new ArrayList<>(from);
    List<String> picked = new ArrayList<>();
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
    templates.addAll(POSSESSIONS);
    templates.addAll(MIDDLES);
    for (Question question : Question.values()) {
      templates.add(recall("", question, ""));
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
