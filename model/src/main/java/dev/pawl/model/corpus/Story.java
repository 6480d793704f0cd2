package dev.pawl.model.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * One story: who, where and what are told in its first sentences, and asked for again and again
 * after them. Nothing but those sentences tells the answers.
 *
 * @param text the whole story, ending in the fact that was asked for and a full stop
 * @param answer its last word
 * @param distractors three other words of the same kind
 */
record Story(String text, String answer, List<String> distractors) {
  private static final List<String> OPENINGS =
      List.of(
          "%1$s lives near the %2$s. %1$s has a %3$s.",
          "%1$s works near the %2$s. %1$s found a %3$s.",
          "%1$s stays near the %2$s. %1$s bought a %3$s.");
  private static final List<String> MIDDLES =
      List.of(
          "It was a warm day and the sun was high.",
          "It rained and the wind was cold.",
          "All was quiet and the day was long.");

  static final List<String> PLAIN_WORDS = plainWords();

  /** What a sentence asks for. */
  private enum Question {
    PLACE("In the evening %s went to the %s.", "Then %s walked back to the %s."),
    OBJECT("At night %s looked for the %s.", "Then %s took the %s.");

    private final String first;
    private final String second;

    Question(String first, String second) {
      this.first = first;
      this.second = second;
    }

    List<String> templates() {
      return List.of(first, second);
    }
  }

  /** Each fact is asked for twice a story, in some order. */
  private static final List<Question> QUESTIONS =
      List.of(Question.PLACE, Question.OBJECT, Question.PLACE, Question.OBJECT);

  /** Story number {@code index} of a stream: a pure function of its arguments. */
  static Story of(long seed, String stream, long index) {
    long mixed = (seed * 0x9E3779B97F4A7C15L ^ stream.hashCode()) * 0xBF58476D1CE4E5B9L + index;
    SplittableRandom random = new SplittableRandom(mixed);
    String name = choose(random, Vocabulary.NAMES);
    List<String> places = pick(random, Vocabulary.PLACES, 4);
    List<String> objects = pick(random, Vocabulary.OBJECTS, 4);
    List<String> sentences = new ArrayList<>();
    sentences.add(choose(random, OPENINGS).formatted(name, places.get(0), objects.get(0)));
    sentences.add(choose(random, MIDDLES));
    List<String> asked = places;
    for (Question question : pick(random, QUESTIONS, QUESTIONS.size())) {
      asked = question == Question.PLACE ? places : objects;
      sentences.add(choose(random, question.templates()).formatted(name, asked.get(0)));
    }
    return new Story(String.join(" ", sentences), asked.get(0), asked.subList(1, 4));
  }

  /** The story up to its last word, without the space before it. */
  String context() {
    return text.substring(0, text.length() - answer.length() - 2);
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
      templates.addAll(question.templates());
    }
    for (String template : templates) {
      for (String word : template.replaceAll("%(\\d\\$)?s", "").split("[^A-Za-z]+", -1)) {
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
    }
    return List.copyOf(words);
  }
}
