package dev.pawl.model.evaluation;

import java.util.Arrays;

/** A continuation whose log-likelihood after a context is wanted, both in token ids. */
@SuppressWarnings("ArrayRecordComponent") // Ids are many, and nobody compares requests.
public record Request(int[] context, int[] continuation) {
  int length() {
    return context.length + continuation.length;
  }

  /** The last tokens of both; the model reads all but the last, which is only predicted. */
  int[] sequence(int maxLength) {
    int[] all = Arrays.copyOf(context, length());
    System.arraycopy(continuation, 0, all, context.length, continuation.length);
    return Arrays.copyOfRange(all, Math.max(0, all.length - maxLength - 1), all.length);
  }
}
