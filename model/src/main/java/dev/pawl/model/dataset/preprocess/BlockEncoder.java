package dev.pawl.model.dataset.preprocess;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a block of lines into token ids. Thread-safe as far as the tokenizer is.
 *
 * <p>The ids of a document are, for each key: the number of sequences (i32), and for each sequence
 * its length (i32) and ids (u16 or i32), little-endian.
 */
final class BlockEncoder {
  private final PreprocessRequest request;
  private final Tokenizer tokenizer;
  private final int idBytes;
  private final int endOfDocument;

  /** Ids take two or four bytes each. */
  BlockEncoder(PreprocessRequest request, Tokenizer tokenizer, int idBytes) {
    this.request = request;
    this.tokenizer = tokenizer;
    this.idBytes = idBytes;
    this.endOfDocument = request.appendEndOfDocument() ? tokenizer.endOfText() : -1;
  }

  EncodedBlock encode(InputBlock block) {
    if (request.format() == RecordFormat.WHOLE_FILES) {
      return encodeWhole(block);
    }
    boolean blanks = request.format() == RecordFormat.DOCUMENT_LINES;
    RecordReader reader = new RecordReader(request.jsonKeys(), !blanks);
    Output out = new Output(block.length());
    List<EncodedBlock.Bad> bad = new ArrayList<>();
    long lines = 0;
    long documents = 0;
    byte[] bytes = block.lines().array();
    for (int start = 0; start < block.length(); ) {
      int end = start;
      while (end < block.length() && bytes[end] != '\n') {
        end++;
      }
      lines++;
      if (!blanks || !isBlank(bytes, start, end)) {
        int before = out.buffer.position();
        try {
          document(reader.read(bytes, start, end - start), out);
          documents++;
        } catch (BadRecordException e) {
          bad.add(new EncodedBlock.Bad(lines, e.getMessage()));
        } catch (PawlException e) {
          if (e.failureCause() != FailureCause.DATA) {
            throw e;
          }
          out.buffer.position(before);
          bad.add(new EncodedBlock.Bad(lines, e.getMessage()));
        }
      }
      start = end + 1;
    }
    out.buffer.flip();
    return new EncodedBlock(block, out.buffer, lines, documents, bad);
  }

  private EncodedBlock encodeWhole(InputBlock block) {
    Output out = new Output(block.length());
    byte[] bytes = block.lines().array();
    try {
      String text = new TextDecoder().decode(bytes, 0, block.length()).toString();
      document(List.of(new RecordReader.Value(false, List.of(text))), out);
    } catch (NotUtf8Exception e) {
      long line = 1;
      int lineStart = 0;
      for (int i = 0; i < e.at(); i++) {
        if (bytes[i] == '\n') {
          line++;
          lineStart = i + 1;
        }
      }
      return bad(block, line, new NotUtf8Exception(e.at() - lineStart).getMessage());
    } catch (PawlException e) {
      if (e.failureCause() != FailureCause.DATA) {
        throw e;
      }
      return bad(block, 1, e.getMessage());
    }
    out.buffer.flip();
    return new EncodedBlock(block, out.buffer, 0, 1, List.of());
  }

  private static EncodedBlock bad(InputBlock block, long line, String reason) {
    List<EncodedBlock.Bad> bad = List.of(new EncodedBlock.Bad(line, reason));
    return new EncodedBlock(block, ByteBuffer.allocate(0), 0, 0, bad);
  }

  // A record begins with a brace: the text is made only for what may be white space.
  private static boolean isBlank(byte[] bytes, int start, int end) {
    boolean visible = start < end && bytes[start] > ' ';
    return !visible && new String(bytes, start, end - start, StandardCharsets.UTF_8).isBlank();
  }

  private void document(List<RecordReader.Value> values, Output out) {
    for (RecordReader.Value value : values) {
      List<String> texts = value.texts();
      if (request.sentences().isPresent() && !value.split()) {
        texts = request.sentences().get().split(texts.get(0));
      }
      out.room(4);
      int countAt = out.buffer.position();
      out.buffer.putInt(0);
      int sequences = 0;
      int lengthAt = -1;
      for (String text : texts) {
        int[] ids = tokenizer.encode(text);
        if (ids.length > 0) {
          sequences++;
          out.room(4 + (long) idBytes * (ids.length + 1));
          lengthAt = out.buffer.position();
          out.buffer.putInt(ids.length);
          for (int id : ids) {
            put(id, out);
          }
        }
      }
      if (sequences > 0 && request.appendEndOfDocument()) {
        // The length counts the token: the reference's defect (megatron.md 2.5) is not repeated.
        put(endOfDocument, out);
        out.buffer.putInt(lengthAt, out.buffer.getInt(lengthAt) + 1);
      }
      out.buffer.putInt(countAt, sequences);
    }
  }

  private void put(int id, Output out) {
    if (id < 0 || id >= tokenizer.vocabularySize() || (idBytes == 2 && id > 0xffff)) {
      throw new PawlException(
          FailureCause.BUG,
          "the tokenizer made id %d, its vocabulary ends at %d"
              .formatted(id, tokenizer.vocabularySize()));
    }
    if (idBytes == 2) {
      out.buffer.putShort((short) id);
    } else {
      out.buffer.putInt(id);
    }
  }

  private static final class Output {
    private ByteBuffer buffer;

    Output(int size) {
      buffer = ByteBuffer.allocate(Math.max(1 << 12, size)).order(ByteOrder.LITTLE_ENDIAN);
    }

    void room(long bytes) {
      if (buffer.remaining() < bytes) {
        long wanted = Math.max(2L * buffer.capacity(), buffer.position() + bytes);
        if (buffer.position() + bytes > Integer.MAX_VALUE - 8) {
          throw new PawlException(FailureCause.DATA, "holds more ids than fit 2 GiB; break it up");
        }
        ByteBuffer larger =
            ByteBuffer.allocate((int) Math.min(Integer.MAX_VALUE - 8, wanted))
                .order(ByteOrder.LITTLE_ENDIAN);
        larger.put(buffer.flip());
        buffer = larger;
      }
    }
  }
}
