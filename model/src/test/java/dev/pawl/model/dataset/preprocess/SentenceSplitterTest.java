package dev.pawl.model.dataset.preprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SentenceSplitterTest {
  private final SentenceSplitter splitter = new SentenceSplitter(false);

  @Test
  void marksEndSentencesAndAbbreviationsDoNot() {
    assertEquals(
        List.of(
            "Mr. J. Smith paid 3.50 (i.e. too much).",
            "\"Why?\" he asked.",
            "Because... it was late!",
            "No"),
        splitter.split(
            "  Mr. J. Smith paid 3.50 (i.e. too much).\n\"Why?\" he asked."
                + " Because... it was late! No "));
    assertEquals(List.of("你好。", "再见！"), splitter.split("你好。再见！"));
    assertEquals(List.of(), splitter.split(" \n"));
  }

  @Test
  void keptWhiteSpaceAddsUpToTheText() {
    String text = "One. Two!\n\n Three?  Four";
    List<String> sentences = new SentenceSplitter(true).split(text);
    assertEquals(4, sentences.size());
    assertEquals(text, String.join("", sentences));
  }

  @Test
  void noSentenceCrossesTheEdgeOfABlock() {
    List<String> sentences = splitter.split("\ud83d\ude00".repeat(1_000_001));
    assertEquals(2, sentences.size());
    assertEquals(2, sentences.get(1).length());
  }
}
