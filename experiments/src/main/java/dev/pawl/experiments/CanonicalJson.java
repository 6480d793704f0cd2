package dev.pawl.experiments;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.EmbedderNetwork;
import dev.pawl.model.config.LookupConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.RobertaConfig;
import dev.pawl.model.config.T5Config;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.TokenDecoderNetwork;
import dev.pawl.model.config.VanillaConfig;

/** The one JSON form of a configuration: sorted keys, no spaces, unknown keys refused. */
public final class CanonicalJson {
  private static final ObjectMapper JSON =
      // The JDK's own text of a double differs between its versions; keys must not.
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build())
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addMixIn(ModelConfig.class, ByArchitecture.class)
          .addMixIn(DecoderConfig.class, DecoderMixIn.class)
          .addMixIn(EmbedderConfig.class, EmbedderMixIn.class)
          .addMixIn(TokenDecoderConfig.class, TokenDecoderMixIn.class)
          .build();

  /** Models carry the name of their architecture. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "architecture")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = VanillaConfig.class, name = "vanilla"),
    @JsonSubTypes.Type(value = BlockConfig.class, name = "block")
  })
  private interface ByArchitecture {}

  /** What decoders did not always have is written where it is used: keys of others stay. */
  interface DecoderMixIn {
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    double hiddenDropout();

    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    double attentionDropout();
  }

  /** The sizes of an embedder carry its kind. */
  interface EmbedderMixIn {
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
      @JsonSubTypes.Type(value = LookupConfig.class, name = "lookup"),
      @JsonSubTypes.Type(value = RobertaConfig.class, name = "roberta"),
      @JsonSubTypes.Type(value = T5Config.class, name = "t5")
    })
    EmbedderNetwork config();
  }

  /** The sizes of a token decoder carry its kind. */
  interface TokenDecoderMixIn {
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
      @JsonSubTypes.Type(value = DecoderConfig.class, name = "gpt-neo-x"),
      @JsonSubTypes.Type(value = T5Config.class, name = "t5")
    })
    TokenDecoderNetwork config();
  }

  private CanonicalJson() {}

  /** Writes a record. */
  public static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + value, e);
    }
  }

  /** Writes a record as a tree. */
  public static JsonNode tree(Object value) {
    return JSON.valueToTree(value);
  }

  /** Reads what was written. */
  public static <T> T read(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not a %s: %s".formatted(type.getSimpleName(), e.getOriginalMessage()), e);
    }
  }
}
