package dev.pawl.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Kinds of tokenizers by Megatron's names, and {@code bytes}. */
enum TokenizerKind {
  GPT2_BPE("GPT2BPETokenizer"),
  HUGGING_FACE("HFTokenizer"),
  BERT_LOWER_CASE("BertWordPieceLowerCase"),
  BERT_CASE("BertWordPieceCase"),
  NUMBERS("NullTokenizer"),
  BYTES("bytes");

  private final String id;

  TokenizerKind(String id) {
    this.id = id;
  }

  @Override
  public String toString() {
    return id;
  }

  /** Reads Megatron's names. */
  static final class Name implements ITypeConverter<TokenizerKind> {
    @Override
    public TokenizerKind convert(String name) {
      for (TokenizerKind kind : values()) {
        if (kind.id.equals(name)) {
          return kind;
        }
      }
      throw new TypeConversionException(
          "'%s' is none of %s"
              .formatted(
                  name,
                  Arrays.stream(values())
                      .map(TokenizerKind::toString)
                      .collect(Collectors.joining(", "))));
    }
  }
}
