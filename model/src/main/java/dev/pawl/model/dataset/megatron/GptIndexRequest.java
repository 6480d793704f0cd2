package dev.pawl.model.dataset.megatron;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What decides the three indices of a dataset.
 *
 * @param prefix name of the dataset as the reference would print it
 * @param part train, valid or test
 * @param samples at least so many
 * @param seqLength L: a sample has one token more
 * @param seed of the two shuffles
 * @param split ratios as text
 */
public record GptIndexRequest(
    String prefix, String part, long samples, int seqLength, long seed, String split) {

  /** Who describes an index, and thereby names its files (megatron.md 3.6). */
  public enum Profile {
    /** Upstream of mid-2023. */
    N23,
    /** The DeepSpeed line, which names the epochs too. */
    MDS
  }

  /** The text that a reference keeps beside the indices; its MD5 names their files. */
  public String description(Profile profile, long epochs) {
    return lines("Data prefix " + prefix, profile == Profile.MDS ? epochs : 0);
  }

  /**
   * Our own text: the content instead of a name, so that data tokenized again under the same name
   * never meets an old index.
   */
  String ownDescription(String contentSha256, long epochs) {
    return lines("Data content " + contentSha256, epochs);
  }

  private String lines(String data, long epochs) {
    StringBuilder text = new StringBuilder("GPT Dataset\n\n");
    text.append(data).append('\n');
    text.append("Dataset name ").append(part).append('\n');
    text.append("Number of samples ").append(samples).append('\n');
    if (epochs > 0) {
      text.append("Number of epochs ").append(epochs).append('\n');
    }
    text.append("Sequence length ").append(seqLength).append('\n');
    text.append("Random seed ").append(seed).append('\n');
    text.append("Split ").append(split).append('\n');
    return text.toString();
  }

  /** MD5 of a description: the name of its files. */
  public static String key(String description) {
    try {
      byte[] bytes = description.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
