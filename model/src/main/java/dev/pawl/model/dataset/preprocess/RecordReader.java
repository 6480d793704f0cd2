package dev.pawl.model.dataset.preprocess;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the texts of some keys out of one line of JSON (megatron.md 2.2). A value is a string or a
 * list of strings; of a key that stands twice the last value counts. Not thread-safe.
 */
final class RecordReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          // The reference's reader takes NaN and Infinity too.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final List<String> keys;
  private final boolean lists;
  private final TextDecoder decoder = new TextDecoder();

  /**
   * A reader of some keys.
   *
   * @param lists whether a value may be a list
   */
  RecordReader(List<String> keys, boolean lists) {
    this.keys = keys;
    this.lists = lists;
  }

  /** The value of one key: whole, or split into sentences already. */
  record Value(boolean split, List<String> texts) {}

  /**
   * Values in the order of the keys.
   *
   * @throws BadRecordException that says what is wrong with the line
   */
  List<Value> read(byte[] line, int from, int length) throws BadRecordException {
    CharBuffer characters = decode(line, from, length);
    if (characters.hasRemaining() && characters.get(0) == '\ufeff') {
      throw new BadRecordException("begins with a byte order mark; remove it");
    }
    @Nullable Value[] found = new @Nullable Value[keys.size()];
    try (JsonParser parser = FACTORY.createParser(characters.array(), 0, characters.remaining())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecordException(
            parser.currentToken() == null ? "is empty, not a JSON object" : "is no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        int key = keys.indexOf(parser.currentName());
        parser.nextToken();
        if (key < 0) {
          parser.skipChildren();
        } else {
          found[key] = value(parser, keys.get(key));
        }
      }
      if (parser.nextToken() != null) {
        throw new BadRecordException("goes on after its JSON object");
      }
    } catch (JsonProcessingException e) {
      throw new BadRecordException(
          "not JSON at character %d: %s"
              .formatted(
                  e.getLocation() == null ? 0 : e.getLocation().getCharOffset() + 1,
                  e.getOriginalMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Value> values = new ArrayList<>(found.length);
    for (int key = 0; key < found.length; key++) {
      Value value = found[key];
      if (value == null) {
        throw new BadRecordException("has no key '%s'".formatted(keys.get(key)));
      }
      check(value, keys.get(key));
      values.add(value);
    }
    return values;
  }

  private CharBuffer decode(byte[] line, int from, int length) throws BadRecordException {
    try {
      return decoder.decode(line, from, length);
    } catch (NotUtf8Exception e) {
      throw new BadRecordException(e.getMessage());
    }
  }

  private Value value(JsonParser parser, String key) throws IOException, BadRecordException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return new Value(false, List.of(parser.getText()));
    }
    if (!lists || parser.currentToken() != JsonToken.START_ARRAY) {
      throw new BadRecordException(
          "key '%s' holds no string%s".formatted(key, lists ? " and no list of strings" : ""));
    }
    List<String> texts = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw new BadRecordException(
            "key '%s' holds a list with something else than strings".formatted(key));
      }
      texts.add(parser.getText());
    }
    return new Value(true, texts);
  }

  private static void check(Value value, String key) throws BadRecordException {
    for (String text : value.texts()) {
      int half = halfPair(text);
      if (half >= 0) {
        throw new BadRecordException(
            "key '%s' holds half a surrogate pair (\\u%04x), which is no character"
                .formatted(key, (int) text.charAt(half)));
      }
    }
  }

  private static int halfPair(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          return i;
        }
      }
    }
    return -1;
  }
}
