package dev.pawl.model.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Turns the documents of a file into a token dataset; no end-of-text is stored. */
public final class DatasetTokenizer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DatasetTokenizer() {}

  /**
   * Tokenizes a whole file.
   *
   * @throws PawlException DATA that names file and line of a record that is not JSON, not UTF-8 or
   *     lacks the key, and of a file without text
   */
  public static TokenizedText tokenize(
      Path input,
      DocumentFormat format,
      String jsonKey,
      Tokenizer tokenizer,
      Path prefix,
      ByteProgress progress)
      throws IOException {
    long documents = 0;
    long tokens = 0;
    long bytes = 0;
    long line = 0;
    try (IndexedDatasetWriter writer =
            new IndexedDatasetWriter(prefix, tokenizer.vocabularySize());
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    Files.newInputStream(input),
                    StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)))) {
      if (format == DocumentFormat.TEXT) {
        String text = Files.readString(input);
        int[] ids = tokenizer.encode(text);
        writer.document(ids);
        tokens = ids.length;
        documents = 1;
        bytes = Files.size(input);
        progress.advance(bytes);
      } else {
        for (String record = reader.readLine(); record != null; record = reader.readLine()) {
          line++;
          if (record.isBlank()) {
            continue;
          }
          int[] ids = tokenizer.encode(text(input, line, record, jsonKey));
          writer.document(ids);
          tokens += ids.length;
          documents++;
          long read = record.getBytes(StandardCharsets.UTF_8).length + 1L;
          bytes += read;
          progress.advance(read);
        }
      }
      if (tokens == 0) {
        throw new PawlException(FailureCause.DATA, input + " holds no text to train on");
      }
      writer.finish();
    } catch (CharacterCodingException e) {
      throw new PawlException(
          FailureCause.DATA,
          "%s:%d: not UTF-8; convert the file first".formatted(input, line + 1),
          e);
    }
    return new TokenizedText(documents, tokens, bytes);
  }

  private static String text(Path input, long line, String record, String key) {
    JsonNode value;
    try {
      value = JSON.readTree(record).path(key);
    } catch (JsonProcessingException e) {
      throw new PawlException(
          FailureCause.DATA,
          "%s:%d: not a JSON object: %s".formatted(input, line, e.getOriginalMessage()),
          e);
    }
    if (!value.isTextual()) {
      throw new PawlException(
          FailureCause.DATA,
          "%s:%d: no text under the key '%s'; set dataset.json_key to the key that holds it"
              .formatted(input, line, key));
    }
    return value.asText();
  }
}
