package dev.pawl.activities.stage;

/**
 * What the tokenize stage leaves beside {@code train.bin}, {@code train.idx}, {@code valid.bin} and
 * {@code valid.idx}.
 *
 * @param tokenizerType id of the tokenizer's kind
 * @param tokenizerDigest digest of the tokenizer
 * @param vocabularySize highest token id + 1
 * @param endOfText id of the token that ends a document
 * @param trainDocuments training sequences
 * @param trainTokens training tokens
 * @param validDocuments held-out sequences
 * @param validTokens held-out tokens
 */
public record TokenizedCorpus(
    String tokenizerType,
    String tokenizerDigest,
    int vocabularySize,
    int endOfText,
    long trainDocuments,
    long trainTokens,
    long validDocuments,
    long validTokens) {
  /** Name within the artifact. */
  public static final String FILE_NAME = "tokenize.json";
}
