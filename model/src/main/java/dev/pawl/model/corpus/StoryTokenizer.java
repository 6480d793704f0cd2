package dev.pawl.model.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The tokenizer of the grammar as a Hugging Face file: a token a word, the space before it
 * included, so that text comes back as it was.
 */
final class StoryTokenizer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String END_OF_TEXT = "<|endoftext|>";
  private static final String UNKNOWN = "[UNK]";

  private StoryTokenizer() {}

  static byte[] json() throws JsonProcessingException {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    ObjectNode end = root.putArray("added_tokens").addObject();
    end.put("id", 0).put("content", END_OF_TEXT).put("single_word", false).put("lstrip", false);
    end.put("rstrip", false).put("normalized", false).put("special", true);
    root.putNull("normalizer");
    ObjectNode split = root.putObject("pre_tokenizer");
    split.put("type", "Split");
    split.putObject("pattern").put("Regex", " ?[A-Za-z]+|[.,?!]|\\n");
    split.put("behavior", "Isolated").put("invert", false);
    root.putNull("post_processor");
    root.putObject("decoder").put("type", "Fuse");
    ObjectNode model = root.putObject("model");
    model.put("type", "WordLevel");
    ObjectNode vocabulary = model.putObject("vocab");
    vocabulary.put(END_OF_TEXT, 0).put(UNKNOWN, 1);
    int id = 2;
    for (String token : Vocabulary.tokens()) {
      vocabulary.put(token, id++);
    }
    model.put("unk_token", UNKNOWN);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }
}
