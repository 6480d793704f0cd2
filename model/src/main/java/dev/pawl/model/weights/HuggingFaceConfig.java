package dev.pawl.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The {@code config.json} of a Hugging Face GPT-NeoX model, Pythia among them. Reading is strict:
 * what changes the function of the model and cannot be honoured is refused by its name. Both the
 * older keys {@code rotary_pct} and {@code rotary_emb_base} and the newer {@code rope_parameters}
 * are understood.
 */
public final class HuggingFaceConfig {
  /** The name of the file. */
  public static final String FILE_NAME = "config.json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LENGTH = "max_position_embeddings";
  private static final int DEFAULT_LENGTH = 2048;

  private final Path file;
  private final JsonNode root;
  private final List<String> problems = new ArrayList<>();

  private HuggingFaceConfig(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /** Whether a file is the description of a GPT-NeoX model, supported or not. */
  public static boolean describes(Path file) {
    try {
      return Files.isRegularFile(file)
          && JSON.readTree(Files.readAllBytes(file)).path("model_type").isTextual();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Reads the file.
   *
   * @throws PawlException DATA with every value that is missing or not supported
   */
  public static VanillaConfig read(Path file) {
    try {
      return new HuggingFaceConfig(file, JSON.readTree(Files.readAllBytes(file))).read();
    } catch (JsonProcessingException e) {
      throw new PawlException(
          FailureCause.DATA, "%s is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new PawlException(FailureCause.DATA, "%s cannot be read: %s".formatted(file, e), e);
    }
  }

  /** The longest sequence the model was made for, as its file says it; 2048 where it does not. */
  public static int maxLength(Path file) throws IOException {
    return JSON.readTree(Files.readAllBytes(file)).path(LENGTH).asInt(DEFAULT_LENGTH);
  }

  private VanillaConfig read() {
    JsonNode type = root.path("model_type");
    if (!type.asText().equals("gpt_neox")) {
      throw new PawlException(
          FailureCause.DATA,
          "%s: model_type %s is not supported; gpt_neox is".formatted(file, type));
    }
    fixed("use_parallel_residual", true, true);
    fixed("attention_bias", true, true);
    fixed("tie_word_embeddings", false, false);
    fixed("is_decoder", true, true, "false");
    absent("quantization_config");
    absent("rope_scaling");
    JsonNode activation = root.path("hidden_act");
    if (!activation.isMissingNode() && !activation.asText().equals("gelu")) {
      problems.add("hidden_act %s is not supported; gelu is".formatted(activation));
    }
    double hiddenDropout = dropout("hidden_dropout");
    double attentionDropout = dropout("attention_dropout");
    JsonNode rope = root.path("rope_parameters");
    if (rope.isObject() && !rope.path("rope_type").asText("default").equals("default")) {
      problems.add(
          "rope_parameters.rope_type %s is not supported; default is"
              .formatted(rope.path("rope_type")));
    }
    double share = rotary(rope, "partial_rotary_factor", "rotary_pct", 0.25);
    double base = rotary(rope, "rope_theta", "rotary_emb_base", 10000);
    int vocabulary = whole("vocab_size");
    int layers = whole("num_hidden_layers");
    int hidden = whole("hidden_size");
    int heads = whole("num_attention_heads");
    int wide = whole("intermediate_size");
    if (!problems.isEmpty()) {
      throw refusal();
    }
    try {
      return new VanillaConfig(
          vocabulary,
          new DecoderConfig(
              layers,
              hidden,
              heads,
              wide,
              share,
              base,
              root.path("layer_norm_eps").asDouble(1e-5),
              root.path("initializer_range").asDouble(0.02),
              hiddenDropout,
              attentionDropout));
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      throw refusal();
    }
  }

  private PawlException refusal() {
    return new PawlException(
        FailureCause.DATA, "%s: %s".formatted(file, String.join("; ", problems)));
  }

  private void fixed(String key, boolean wanted, boolean fallback, String... alsoGood) {
    JsonNode value = root.path(key);
    boolean good = value.isMissingNode() ? fallback == wanted : value.asText().equals("" + wanted);
    if (!good && !List.of(alsoGood).contains(value.asText())) {
      problems.add("%s %s is not supported; %s is".formatted(key, value, wanted));
    }
  }

  private void absent(String key) {
    JsonNode value = root.path(key);
    if (!value.isMissingNode() && !value.isNull()) {
      problems.add("%s %s is not supported".formatted(key, value));
    }
  }

  private double rotary(JsonNode rope, String newKey, String oldKey, double fallback) {
    for (JsonNode value : List.of(rope.path(newKey), root.path(newKey), root.path(oldKey))) {
      if (value.isNumber()) {
        return value.asDouble();
      }
    }
    return fallback;
  }

  // Read for training that goes on from the weights; nothing else depends on it.
  private double dropout(String key) {
    JsonNode value = root.path(key);
    double share = value.asDouble(0);
    if (!(value.isMissingNode() || value.isNumber()) || share < 0 || share > 0.99) {
      problems.add("%s %s is not a number from 0 to 0.99".formatted(key, value));
      return 0;
    }
    return share;
  }

  private int whole(String key) {
    JsonNode value = root.path(key);
    if (!value.isInt() || value.asInt() < 1) {
      problems.add("%s %s is not a whole number above 0".formatted(key, value));
      return 1;
    }
    return value.asInt();
  }

  /**
   * Writes {@code config.json} and {@code generation_config.json} into a folder.
   *
   * @param maxLength longest sequence the model was trained on
   * @param endOfText id that ends documents
   */
  public static void write(
      Path folder, VanillaConfig config, NumberFormat format, int maxLength, int endOfText)
      throws IOException {
    DecoderConfig stack = config.modelConfig();
    ObjectNode root = JSON.createObjectNode();
    root.putArray("architectures").add("GPTNeoXForCausalLM");
    root.put("model_type", "gpt_neox");
    root.put("vocab_size", config.vocabSize());
    root.put("num_hidden_layers", stack.numHiddenLayers());
    root.put("hidden_size", stack.hiddenSize());
    root.put("num_attention_heads", stack.numAttentionHeads());
    root.put("intermediate_size", stack.intermediateSize());
    root.put("rotary_pct", stack.rotaryPct());
    root.put("rotary_emb_base", stack.rotaryEmbBase());
    root.put("layer_norm_eps", stack.layerNormEps());
    root.put("initializer_range", stack.initializerRange());
    root.put(LENGTH, maxLength);
    root.put("hidden_act", "gelu");
    root.put("use_parallel_residual", true);
    root.put("attention_bias", true);
    root.put("attention_dropout", stack.attentionDropout());
    root.put("hidden_dropout", stack.hiddenDropout());
    root.put("tie_word_embeddings", false);
    root.put("bos_token_id", endOfText).put("eos_token_id", endOfText);
    root.put("torch_dtype", format.torchName());
    root.put("use_cache", true);
    write(folder.resolve(FILE_NAME), root);
    write(
        folder.resolve("generation_config.json"),
        JSON.valueToTree(Map.of("bos_token_id", endOfText, "eos_token_id", endOfText)));
  }

  private static void write(Path file, JsonNode root) throws IOException {
    WeightWriter.writeForced(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
  }
}
