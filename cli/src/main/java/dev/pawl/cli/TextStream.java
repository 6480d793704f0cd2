package dev.pawl.cli;

import dev.pawl.model.tokenizer.Tokenizer;
import java.io.PrintStream;
import java.util.Arrays;

/** Prints the text of tokens as they come; a character of several tokens when it is whole. */
final class TextStream {
  private static final char UNFINISHED = '\uFFFD';

  private final Tokenizer tokenizer;
  private final PrintStream out;
  private int[] ids = new int[0];
  // What is said of the ids before stands already; those from prefix on give the words their
  // spaces.
  private int prefix;
  private int said;

  TextStream(Tokenizer tokenizer, PrintStream out) {
    this.tokenizer = tokenizer;
    this.out = out;
  }

  /** More tokens. */
  void add(long[] tokens) {
    int before = ids.length;
    ids = Arrays.copyOf(ids, before + tokens.length);
    for (int i = 0; i < tokens.length; i++) {
      ids[before + i] = Math.toIntExact(tokens[i]);
    }
    say(false);
  }

  /** The end: says what was kept back. */
  void end() {
    say(true);
    out.println();
    out.flush();
  }

  private void say(boolean last) {
    String known = tokenizer.decode(Arrays.copyOfRange(ids, prefix, said));
    String all = tokenizer.decode(Arrays.copyOfRange(ids, prefix, ids.length));
    boolean whole = last || all.isEmpty() || all.charAt(all.length() - 1) != UNFINISHED;
    if (whole && all.length() > known.length()) {
      out.print(all.substring(known.length()));
      out.flush();
      prefix = said;
      said = ids.length;
    }
  }
}
