package dev.pawl.model.dataset.preprocess;

import dev.pawl.model.dataset.IndexedDatasetWriter;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** Lays the finished partitions behind each other, one dataset a key. */
final class Assembly {
  private final PreprocessRequest request;
  private final TokenType type;
  private final int idBytes;
  private final long[] sequences;
  private final long[] tokens;
  private byte[] bytes = new byte[1 << 16];

  Assembly(PreprocessRequest request, TokenType type) {
    this.request = request;
    this.type = type;
    this.idBytes = type.bytes();
    this.sequences = new long[request.jsonKeys().size()];
    this.tokens = new long[request.jsonKeys().size()];
  }

  /** Writes all outputs; none appears when a partition is damaged or a key has no token at all. */
  List<PreprocessResult.Output> write(WorkFolder work) throws IOException {
    List<IndexedDatasetWriter> writers = new ArrayList<>();
    try {
      for (String key : request.jsonKeys()) {
        writers.add(new IndexedDatasetWriter(request.output(key), type));
      }
      long documents = 0;
      for (Part part : work.parts()) {
        copy(work.file(part.number()), part, writers);
        documents += part.partDocuments();
      }
      List<PreprocessResult.Output> outputs = new ArrayList<>();
      for (int k = 0; k < writers.size(); k++) {
        String key = request.jsonKeys().get(k);
        if (tokens[k] == 0) {
          throw new PawlException(
              FailureCause.DATA,
              request.format() == RecordFormat.WHOLE_FILES
                  ? "%s holds no text at all".formatted(Preprocessor.names(request.inputs()))
                  : "no text at all under the key '%s' of %s; name the key that holds the text"
                      .formatted(key, Preprocessor.names(request.inputs())));
        }
        String name = request.output(key).getFileName().toString();
        outputs.add(new PreprocessResult.Output(key, name, documents, sequences[k], tokens[k]));
      }
      for (int k = 0; k < writers.size(); k++) {
        // An old index must never stand beside new tokens.
        Path output = request.output(request.jsonKeys().get(k));
        Files.deleteIfExists(output.resolveSibling(output.getFileName() + ".idx"));
        writers.get(k).finish();
      }
      WorkFolder.force(Preprocessor.parent(request));
      return outputs;
    } finally {
      for (IndexedDatasetWriter writer : writers) {
        writer.close();
      }
    }
  }

  private void copy(Path file, Part part, List<IndexedDatasetWriter> writers) throws IOException {
    CRC32C checksum = new CRC32C();
    boolean whole;
    try (CheckedInputStream in =
        new CheckedInputStream(
            new BufferedInputStream(Files.newInputStream(file), 1 << 20), checksum)) {
      for (long d = 0; d < part.partDocuments(); d++) {
        for (int k = 0; k < writers.size(); k++) {
          int count = number(in);
          for (int s = 0; s < count; s++) {
            int[] ids = ids(in, number(in));
            writers.get(k).sequence(ids);
            sequences[k]++;
            tokens[k] += ids.length;
          }
          writers.get(k).endDocument();
        }
      }
      whole = in.read() < 0 && checksum.getValue() == part.checksum();
    } catch (EOFException | NegativeArraySizeException e) {
      whole = false;
    }
    if (!whole) {
      throw new PawlException(
          FailureCause.DATA,
          "%s is not what was written there; remove the folder %s and run again"
              .formatted(file, file.getParent()));
    }
  }

  private int number(CheckedInputStream in) throws IOException {
    fill(in, 4);
    return ByteBuffer.wrap(bytes, 0, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private int[] ids(CheckedInputStream in, int count) throws IOException {
    int[] ids = new int[count];
    int length = Math.multiplyExact(count, idBytes);
    fill(in, length);
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      ids[i] = idBytes == 2 ? buffer.getShort() & 0xffff : buffer.getInt();
    }
    return ids;
  }

  private void fill(CheckedInputStream in, int length) throws IOException {
    if (bytes.length < length) {
      bytes = new byte[Math.max(length, (int) Math.min(Integer.MAX_VALUE - 8, 2L * bytes.length))];
    }
    if (in.readNBytes(bytes, 0, length) < length) {
      throw new EOFException();
    }
  }
}
