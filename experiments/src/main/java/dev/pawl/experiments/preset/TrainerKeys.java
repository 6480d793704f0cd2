package dev.pawl.experiments.preset;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The keys of trainer files (block-transformer.md 1.12), by what becomes of them here. */
final class TrainerKeys {
  /** Copied to {@code training} as they are. */
  static final List<String> TRAINING =
      words(
          """
          max_length total_batch_size per_device_train_batch_size learning_rate adam_beta1 adam_beta2
          weight_decay precision num_train_steps stop_steps num_warmup_steps save_steps logging_steps
          random_pad_first_block pad_to_block_boundary""");

  /** Of the run, the machine or the program that reads the file: nothing of the model follows. */
  static final List<String> IGNORED =
      words(
          """
          wandb wandb_project wandb_entity wandb_run_name wandb_run_id wandb_watch output_dir
          resume_from_checkpoint pythia_pile_idxmaps_path dataset save_total_limit
          dataloader_num_workers deepspeed zero_shot_eval wall_time_measurement benchmark_batch_sizes
          benchmark_prefill_length benchmark_decode_length profiling log_path attn_implementation
          hydra defaults""");

  /** Understood, one by one. */
  private static final List<String> UNDERSTOOD =
      words(
          """
          name tokenizer gradient_accumulation_steps batch_size_rampup_steps adaptive_lr_auto_encoder
          freeze use_pretrained_weights""");

  /** Of block models. */
  static final List<String> BLOCK =
      words(
          """
          block_length block_split embedder block_decoder token_decoder token_decoding_loss
          block_decoding_loss auto_encoding_loss load_from_vanilla""");

  /** Of vanilla models. */
  static final List<String> VANILLA = words("model model_name_or_path model_config");

  /** Copied from a section to the model's. */
  static final Map<String, List<String>> COPIED =
      Map.of(
          "embedder", words("cls n_embedding_tokens n_cls_tokens projection_method"),
          "block_decoder", words("cls"),
          "token_decoder", words("cls expansion_method expansion_ratio decoding_strategy"));

  /** Of every section; these concern its base, its speed or nothing. */
  static final List<String> SECTION =
      words(
          """
          model_name_or_path use_pretrained_weights attn_implementation config loss_name
          init_projection init_expansion projection_hidden_size""");

  /** Keys of a {@code config} that nothing here depends on. */
  static final Set<String> INERT =
      Set.copyOf(
          words(
              """
              use_cache torch_dtype bos_token_id eos_token_id decoder_start_token_id architectures
              model_type transformers_version gradient_checkpointing classifier_dropout"""));

  /** Keys of a {@code config} of which only one value is implemented. */
  static final Map<String, String> FIXED =
      Map.ofEntries(
          Map.entry("hidden_act", "gelu"),
          Map.entry("use_parallel_residual", "true"),
          Map.entry("attention_bias", "true"),
          Map.entry("position_embedding_type", "absolute"),
          Map.entry("feed_forward_proj", "relu"),
          Map.entry("initializer_factor", "1"));

  private TrainerKeys() {}

  /** All keys at the top of a file. */
  static Set<String> top() {
    Set<String> all = new TreeSet<>();
    Stream.of(TRAINING, IGNORED, UNDERSTOOD, BLOCK, VANILLA).forEach(all::addAll);
    return all;
  }

  /** All keys of a section. */
  static Set<String> of(String section) {
    Set<String> all = new TreeSet<>(SECTION);
    all.addAll(COPIED.getOrDefault(section, List.of()));
    return all;
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.strip().split("\\s+"));
  }
}
