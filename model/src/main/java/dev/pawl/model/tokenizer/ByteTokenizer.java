package dev.pawl.model.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One token a byte of UTF-8; id 0 ends a document, because id 0 is padding to block models. */
final class ByteTokenizer implements Tokenizer {
  private static final int SHIFT = 1;

  @Override
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (bytes[i] & 0xff) + SHIFT;
    }
    return ids;
  }

  @Override
  public String decode(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      if (id >= SHIFT && id < vocabularySize()) {
        bytes.write(id - SHIFT);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public int vocabularySize() {
    return 256 + SHIFT;
  }

  @Override
  public int endOfText() {
    return 0;
  }

  @Override
  public String digest() {
    return "bytes-1";
  }

  @Override
  public void close() {}
}
