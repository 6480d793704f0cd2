package dev.pawl.model.dataset.preprocess;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Splits text into sentences by rule. The reference uses trained parameters (Punkt) that cannot be
 * had here, so its sentences are <b>not</b> reproduced byte for byte (megatron.md 2.6): where they
 * matter, split elsewhere and store a list of strings under the key, which is taken as it is.
 *
 * <p>The rule, named {@code pawl-rules-1}: a sentence ends behind a run of {@code . ! ? …} with
 * closing quotes and brackets, if white space and then no lower-case letter follows. A single full
 * stop ends none behind a known abbreviation, nor behind one capital letter (an initial). The
 * ideographic marks 。！？ end one always. As in the reference, text is first cut into blocks of
 * 1,000,000 characters, and white space between sentences is dropped unless newlines are kept.
 * Thread-safe.
 */
public final class SentenceSplitter {
  private static final int BLOCK_CHARACTERS = 1_000_000;
  private static final String ENDS = ".!?\u2026";
  private static final String IDEOGRAPHIC_ENDS = "\u3002\uff01\uff1f";
  private static final String CLOSERS = "\"')]}\u2019\u201d\u00bb\u300d\u300f\uff09";
  private static final Set<String> ABBREVIATIONS =
      Set.of(
          "mr", "mrs", "ms", "dr", "prof", "rev", "gen", "col", "lt", "sgt", "capt", "hon", "st",
          "sr", "jr", "vs", "e.g", "i.e", "cf", "al", "fig", "figs", "eq", "no", "nos", "vol", "pp",
          "ed", "eds", "approx", "dept", "est", "inc", "ltd", "co", "corp", "jan", "feb", "mar",
          "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "u.s", "u.k", "a.m",
          "p.m", "ph.d");

  private final boolean keepNewlines;

  /** With or without the white space behind each sentence. */
  public SentenceSplitter(boolean keepNewlines) {
    this.keepNewlines = keepNewlines;
  }

  /** Name of the rules and their setting: the same name gives the same sentences. */
  public String identity() {
    return keepNewlines ? "pawl-rules-1-keep-newlines" : "pawl-rules-1";
  }

  /** Sentences of a text in order; none is empty. */
  public List<String> split(String text) {
    List<String> sentences = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      boolean last = text.codePointCount(start, text.length()) <= BLOCK_CHARACTERS;
      int end = last ? text.length() : text.offsetByCodePoints(start, BLOCK_CHARACTERS);
      block(text.substring(start, end), sentences);
      start = end;
    }
    return sentences;
  }

  private void block(String text, List<String> sentences) {
    int start = 0;
    for (int i = 0; i < text.length(); ) {
      int end = sentenceEnd(text, start, i);
      if (end < 0) {
        i++;
        continue;
      }
      int next = end;
      while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
        next++;
      }
      add(text.substring(start, keepNewlines ? next : end), sentences);
      start = next;
      i = Math.max(next, i + 1);
    }
    add(text.substring(start), sentences);
  }

  private void add(String sentence, List<String> sentences) {
    String kept = keepNewlines ? sentence : sentence.strip();
    if (!kept.isBlank()) {
      sentences.add(kept);
    }
  }

  /** End of the sentence whose first end mark stands at {@code at}; -1 when none ends there. */
  private static int sentenceEnd(String text, int start, int at) {
    char mark = text.charAt(at);
    boolean ideographic = IDEOGRAPHIC_ENDS.indexOf(mark) >= 0;
    if (!ideographic && ENDS.indexOf(mark) < 0) {
      return -1;
    }
    int end = at + 1;
    while (end < text.length() && in(ENDS + IDEOGRAPHIC_ENDS, text.charAt(end))) {
      end++;
    }
    boolean fullStop = mark == '.' && end == at + 1;
    while (end < text.length() && in(CLOSERS, text.charAt(end))) {
      end++;
    }
    if (end == text.length() || ideographic) {
      return end;
    }
    if (!Character.isWhitespace(text.charAt(end)) || (fullStop && abbreviated(text, start, at))) {
      return -1;
    }
    int next = end;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    boolean goesOn = next < text.length() && Character.isLowerCase(text.codePointAt(next));
    return goesOn ? -1 : end;
  }

  private static boolean in(String marks, char c) {
    return marks.indexOf(c) >= 0;
  }

  private static boolean abbreviated(String text, int start, int at) {
    int begin = at;
    while (begin > start
        && (Character.isLetter(text.charAt(begin - 1)) || text.charAt(begin - 1) == '.')) {
      begin--;
    }
    String word = text.substring(begin, at);
    boolean initial =
        word.length() == 1 && Character.isUpperCase(word.charAt(0)) && !word.equals("I");
    return initial || ABBREVIATIONS.contains(word.toLowerCase(Locale.ROOT));
  }
}
