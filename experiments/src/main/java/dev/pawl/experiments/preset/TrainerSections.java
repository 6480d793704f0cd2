package dev.pawl.experiments.preset;

import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.experiments.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model of a trainer file: sections with a base configuration and some keys over it. Block
 * models choose heads and MLP width by rule where {@code config} leaves them out; vanilla models
 * take them from the base (block-transformer.md 1.1, and 9 G4).
 */
final class TrainerSections {
  private static final String CONFIG = "config";
  private static final String VOCAB = "vocab_size";
  private static final String BASE = "model_name_or_path";
  private static final String DECODER_LAYERS = "num_decoder_layers";

  private final TrainerFile file;
  private final YamlNode root;
  private @Nullable YamlNode vocabulary;
  private String vocabularyKey = "";

  TrainerSections(TrainerFile file, YamlNode root) {
    this.file = file;
    this.root = root;
  }

  /** A vanilla model's keys. */
  YamlNode vanilla() {
    Map<String, YamlNode> model = new LinkedHashMap<>();
    YamlNode cls = root.get("model");
    if (cls != null && !"gpt-neo-x".equals(cls.scalar())) {
      file.problem(cls, "model", "'%s' is not gpt-neo-x".formatted(cls.scalar()));
    }
    YamlNode config = config(root, "", "model_config", "gpt-neo-x", false);
    if (vocabulary != null) {
      model.put(VOCAB, vocabulary);
    }
    model.put("model_config", config);
    return new YamlNode(root.place(), null, model, null);
  }

  /** A block model's keys. */
  YamlNode block() {
    Map<String, YamlNode> model = new LinkedHashMap<>();
    for (String key : List.of("embedder", "block_decoder", "token_decoder")) {
      YamlNode section = root.get(key);
      if (section != null) {
        model.put(key, section(key, section));
      }
    }
    if (vocabulary != null) {
      model.put(VOCAB, vocabulary);
    }
    YamlNode length = blockLength();
    if (length != null) {
      model.put("block_length", length);
    }
    TrainerFile.copy(
        root, List.of("token_decoding_loss", "block_decoding_loss", "auto_encoding_loss"), model);
    uptraining();
    return new YamlNode(root.place(), null, model, null);
  }

  private @Nullable YamlNode blockLength() {
    YamlNode length = root.get("block_length");
    YamlNode split = root.get("block_split");
    YamlNode distribution = split == null ? null : split.get("distribution");
    if (distribution == null) {
      return length;
    }
    if (!"fixed".equals(distribution.scalar())) {
      file.problem(
          distribution,
          "block_split.distribution",
          "'%s': only blocks of a fixed length are read".formatted(distribution.scalar()));
      return length;
    }
    YamlNode kwargs = split.get("distribution_kwargs");
    YamlNode fixed = kwargs == null ? null : kwargs.get("length");
    if (length != null
        && fixed != null
        && !String.valueOf(length.scalar()).equals(fixed.scalar())) {
      file.problem(
          fixed,
          "block_split.distribution_kwargs.length",
          "%s is not block_length %s".formatted(fixed.scalar(), length.scalar()));
    }
    return length == null ? fixed : length;
  }

  private YamlNode section(String name, YamlNode section) {
    if (section.fields() == null) {
      return section;
    }
    file.known(section, name + ".", TrainerKeys.of(name));
    file.only(section, "use_pretrained_weights", "false", "hub weights are not read from here");
    file.only(section, "init_projection", "true", "the projection is always initialised");
    file.only(section, "init_expansion", "true", "the expansion is always initialised");
    Map<String, YamlNode> kept = new LinkedHashMap<>();
    TrainerFile.copy(section, TrainerKeys.COPIED.getOrDefault(name, List.of()), kept);
    YamlNode written = section.fields().get("expansion_method");
    if (written != null) {
      kept.put("expansion_method", written); // null means something here
    }
    YamlNode strategy = section.get("decoding_strategy");
    if (strategy != null
        && "prefix".equals(strategy.scalar())
        && section.get("expansion_ratio") == null) {
      file.problem(strategy, name + ".expansion_ratio", "is missing: prefix needs it");
    }
    YamlNode cls = section.get("cls");
    String kind = cls == null || cls.scalar() == null ? "" : cls.scalar();
    kept.put(CONFIG, config(section, name + ".", CONFIG, kind, true));
    return new YamlNode(section.place(), null, kept, null);
  }

  // The base's sizes with the written ones over them; vocab_size goes to the model.
  private YamlNode config(YamlNode section, String path, String key, String kind, boolean rule) {
    YamlNode written = section.get(key);
    Map<String, YamlNode> values = base(section, path);
    if (values.containsKey("num_layers")) {
      values.put(DECODER_LAYERS, values.get("num_layers"));
    }
    if (written != null && written.fields() == null) {
      file.problem(written, path + key, "is %s, a mapping is needed".formatted(written.kind()));
    } else if (written != null && written.fields() != null) {
      if (rule && !kind.equals("t5")) {
        values.remove("num_attention_heads");
        values.remove("intermediate_size");
      }
      written.fields().forEach((name, value) -> put(values, path + key + ".", name, value, kind));
    }
    decoderLayers(path, values);
    YamlNode rows = values.remove(VOCAB);
    if (rows != null) {
      vocabulary(rows, path + key + "." + VOCAB);
    }
    return new YamlNode(written == null ? section.place() : written.place(), null, values, null);
  }

  private Map<String, YamlNode> base(YamlNode section, String path) {
    Map<String, YamlNode> values = new LinkedHashMap<>();
    YamlNode base = section.get(BASE);
    if (base == null) {
      return values;
    }
    String name = String.valueOf(base.scalar());
    BaseConfigs.find(name)
        .ifPresentOrElse(
            config ->
                config.forEach(
                    (key, value) ->
                        values.put(key, YamlNode.scalar(base.place() + " (" + name + ")", value))),
            () ->
                file.problem(
                    base,
                    path + BASE,
                    "'%s' is no base known here%s; or leave it out and give all sizes"
                        .formatted(
                            name,
                            Nearest.to(name, BaseConfigs.names())
                                .map(found -> ", nearest: " + found)
                                .orElse(", known: " + String.join(", ", BaseConfigs.names())))));
    return values;
  }

  private void put(
      Map<String, YamlNode> values, String path, String name, YamlNode value, String kind) {
    if (value.isNull() || TrainerKeys.INERT.contains(name)) {
      return;
    }
    if (name.equals("max_position_embeddings") && kind.equals("gpt-neo-x")) {
      return; // sizes a buffer of the published program, no parameter
    }
    String fixed = TrainerKeys.FIXED.get(name);
    if (fixed == null) {
      values.put(name, value);
    } else if (!same(fixed, String.valueOf(value.scalar()))) {
      file.problem(
          value, path + name, "'%s': only %s is implemented".formatted(value.scalar(), fixed));
    }
  }

  private static boolean same(String fixed, String given) {
    try {
      return Double.parseDouble(fixed) == Double.parseDouble(given);
    } catch (NumberFormatException e) {
      return fixed.equals(given);
    }
  }

  // A T5 decoder has its own number of layers, beside the encoder's that only the embedder has.
  private static void decoderLayers(String path, Map<String, YamlNode> values) {
    YamlNode decoder = values.remove(DECODER_LAYERS);
    if (decoder != null && path.equals("token_decoder.")) {
      values.put("num_layers", decoder);
    }
  }

  private void vocabulary(YamlNode rows, String key) {
    if (vocabulary == null) {
      vocabulary = rows;
      vocabularyKey = key;
    } else if (!String.valueOf(vocabulary.scalar()).equals(rows.scalar())) {
      file.problem(
          rows,
          key,
          "%s is not %s %s".formatted(rows.scalar(), vocabularyKey, vocabulary.scalar()));
    }
  }

  // Where training starts is no part of the model; only the packing of copied heads is (9, G6).
  private void uptraining() {
    YamlNode load = root.get("load_from_vanilla");
    YamlNode enable = load == null ? null : load.get("enable");
    if (load == null || enable == null || !"true".equals(enable.scalar())) {
      return;
    }
    YamlNode base = load.get(BASE);
    YamlNode path = load.get("config_path");
    String from = base != null ? base.scalar() : path != null ? path.scalar() : "a vanilla model";
    file.note("load_from_vanilla: the weights of %s are not copied from here".formatted(from));
    if (base != null) {
      BaseConfigs.find(String.valueOf(base.scalar())).ifPresent(config -> heads(from, config));
    }
  }

  private void heads(@Nullable String from, Map<String, String> config) {
    for (String key : List.of("block_decoder", "token_decoder")) {
      YamlNode section = root.get(key);
      YamlNode sizes = section == null ? null : section.get(CONFIG);
      YamlNode heads = sizes == null ? null : sizes.get("num_attention_heads");
      String given = heads == null ? "left to the rule" : String.valueOf(heads.scalar());
      String copied = config.getOrDefault("num_attention_heads", "");
      if (!copied.equals(given)) {
        file.note(
            "%s.config.num_attention_heads is %s, but %s has %s: weights copied from it need %s too"
                .formatted(key, given, from, copied, copied));
      }
    }
  }
}
