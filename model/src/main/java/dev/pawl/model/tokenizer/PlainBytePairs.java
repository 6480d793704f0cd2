package dev.pawl.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A {@code tokenizer.json} that says no more than GPT-2's byte-level BPE with added tokens and at
 * most NFC before it. Such a file is encoded here, several times as fast as by the library; tests
 * hold both to the same ids. Whatever else a file says, or a text holds that this Java's Unicode
 * does not know, is left to the library.
 */
final class PlainBytePairs {
  private final BytePairEncoder encoder;
  private final AddedTokens before;
  private final AddedTokens after;
  private final boolean nfc;

  private PlainBytePairs(
      BytePairEncoder encoder, AddedTokens before, AddedTokens after, boolean nfc) {
    this.encoder = encoder;
    this.before = before;
    this.after = after;
    this.nfc = nfc;
  }

  /** Empty when the file says something that is not known here. */
  static Optional<PlainBytePairs> of(JsonNode file) {
    JsonNode model = file.path("model");
    String normalizer = file.path("normalizer").path("type").asText("");
    boolean plain =
        model.path("type").asText("BPE").equals("BPE")
            && absent(model.path("dropout"))
            && absent(model.path("unk_token"))
            && absent(model.path("continuing_subword_prefix"))
            && absent(model.path("end_of_word_suffix"))
            && !model.path("byte_fallback").asBoolean(false)
            && !model.path("ignore_merges").asBoolean(false)
            && (absent(file.path("normalizer")) || normalizer.equals("NFC"))
            && byteLevel(file.path("pre_tokenizer"));
    if (!plain) {
      return Optional.empty();
    }
    List<AddedTokens.Token> before = new ArrayList<>();
    List<AddedTokens.Token> after = new ArrayList<>();
    for (JsonNode token : file.path("added_tokens")) {
      String content = token.path("content").asText();
      boolean known =
          !content.isEmpty()
              && Normalizer.isNormalized(content, Normalizer.Form.NFC)
              && !token.path("single_word").asBoolean()
              && !token.path("lstrip").asBoolean()
              && !token.path("rstrip").asBoolean();
      if (!known) {
        return Optional.empty();
      }
      boolean normalized = token.path("normalized").asBoolean(!token.path("special").asBoolean());
      (normalized ? after : before).add(new AddedTokens.Token(content, token.path("id").asInt()));
    }
    Map<String, Integer> ids = new HashMap<>();
    model.path("vocab").properties().forEach(e -> ids.put(e.getKey(), e.getValue().asInt()));
    List<String> merges = new ArrayList<>();
    for (JsonNode merge : model.path("merges")) {
      merges.add(
          merge.isArray() ? merge.path(0).asText() + " " + merge.path(1).asText() : merge.asText());
    }
    try {
      BytePairs pairs = BytePairFiles.pairs(ids, merges.toArray(String[]::new));
      if (!pairs.productsFollow()) {
        return Optional.empty();
      }
      return Optional.of(
          new PlainBytePairs(
              new BytePairEncoder(pairs),
              new AddedTokens(before),
              new AddedTokens(after),
              normalizer.equals("NFC")));
    } catch (IllegalArgumentException unusual) {
      // The library decides what such a file means.
      return Optional.empty();
    }
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull() || (node.isTextual() && node.asText().isEmpty());
  }

  private static boolean byteLevel(JsonNode step) {
    return step.path("type").asText().equals("ByteLevel")
        && !step.path("add_prefix_space").asBoolean(true)
        && step.path("use_regex").asBoolean(true);
  }

  /** Ids of a text; empty when the text must be left to the library. */
  Optional<int[]> encode(String text) {
    if (!known(text)) {
      return Optional.empty();
    }
    if (before.isEmpty()) {
      return Optional.of(encoder.encode(normalized(text), after));
    }
    char[] chars = text.toCharArray();
    Ids out = new Ids();
    int start = 0;
    for (int i = 0; i < chars.length; i++) {
      int match = before.longest(chars, i);
      if (match >= 0) {
        if (start < i) {
          out.addAll(encoder.encode(normalized(text.substring(start, i)), after));
        }
        out.add(before.id(match));
        i += before.length(match) - 1;
        start = i + 1;
      }
    }
    if (start == 0) {
      return Optional.of(encoder.encode(nfc ? normalized(text) : chars, after));
    }
    out.addAll(encoder.encode(normalized(text.substring(start)), after));
    return Optional.of(out.from(0));
  }

  private char[] normalized(String text) {
    return (nfc && !Normalizer.isNormalized(text, Normalizer.Form.NFC)
            ? Normalizer.normalize(text, Normalizer.Form.NFC)
            : text)
        .toCharArray();
  }

  private static boolean known(String text) {
    OptionalInt strange =
        text.codePoints()
            .filter(c -> c >= 0x250)
            .filter(
                c -> {
                  int type = Character.getType(c);
                  return type == Character.UNASSIGNED || type == Character.SURROGATE;
                })
            .findFirst();
    return strange.isEmpty();
  }
}
