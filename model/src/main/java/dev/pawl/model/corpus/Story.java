package dev.pawl.model.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * One story: who, where and what are told in its first sentences, and asked for again and again
 * after them. Nothing but those sentences tells the answers, and no held-out story tells a
 * combination of the three that a training story tells.
 *
 * <p>Every sentence has eight tokens, its full stop included. In so even a rhythm a model of less
 * than a million weights learns to carry facts within minutes, one that reads blocks of four tokens
 * too.
 *
 * @param text the whole story, ending in the fact that was asked for and a full stop
 * @param answer its last word
 * @param distractors three other words of the same kind
 */
record Story(String text, String answer, List<String> distractors) {
  private static final List<String> OPENINGS =
      List.of(
          "Here %1$s lives close to the %2$s. In the morning %1$s found a %3$s.",
          "Today %1$s is working near the %2$s. One day %1$s bought a new %3$s.");
  private static final List<String> MIDDLES =
      List.of(
          "It was a warm day in May.",
          "The sky was grey and it rained.",
          "All was quiet and nobody was there.");

  static final List<String> PLAIN_WORDS = plainWords();

  /** What a sentence asks for. */
  private enum Question {
    PLACE("In the evening %s saw the %s.", "Then %s went back to the %s."),
    OBJECT("At night %s looked for the %s.", "Soon %s held on to the %s.");

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

  /** Each fact is asked for as often as the other, in some order. */
  private static final List<Question> QUESTIONS =
      List.of(
          Question.PLACE,
          Question.OBJECT,
          Question.PLACE,
          Question.OBJECT,
          Question.PLACE,
          Question.OBJECT);

  /** One in so many combinations of name, place and object is held out. */
  private static final int HELD_OUT = 8;

  /** Story number {@code index} of a stream: a pure function of its arguments. */
  static Story of(long seed, String stream, long index, boolean heldOut) {
    long mixed = (seed * 0x9E3779B97F4A7C15L ^ stream.hashCode()) * 0xBF58476D1CE4E5B9L + index;
    SplittableRandom random = new SplittableRandom(mixed);
    String name;
    List<String> places;
    List<String> objects;
    do {
      name = choose(random, Vocabulary.NAMES);
      places = pick(random, Vocabulary.PLACES, 4);
      objects = pick(random, Vocabulary.OBJECTS, 4);
    } while (heldOut(name, places.get(0), objects.get(0)) != heldOut);
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

  /** Each pair of facts is still trained on, with others for the third. */
  static boolean heldOut(String name, String place, String object) {
    int sum =
        Vocabulary.NAMES.indexOf(name)
            + Vocabulary.PLACES.indexOf(place)
            + Vocabulary.OBJECTS.indexOf(object);
    return sum % HELD_OUT == 0;
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
