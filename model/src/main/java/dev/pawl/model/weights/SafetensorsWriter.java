package dev.pawl.model.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes named tensors of any size as one safetensors file: header length (u64, little-endian),
 * JSON header, raw row-major data without gaps, in the order given.
 */
public final class SafetensorsWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SafetensorsWriter() {}

  /** What was written: the file's digest and each tensor's, over its data. */
  public record Written(long bytes, String sha256, Map<String, String> tensors) {}

  /** Writes and forces a new file. */
  public static Written write(Path file, Map<String, ? extends TensorData> tensors)
      throws IOException {
    ByteBuffer header = header(tensors);
    MessageDigest whole = sha256();
    Map<String, String> digests = new LinkedHashMap<>();
    long bytes = header.remaining();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      whole.update(header.duplicate());
      writeFully(channel, header);
      for (Map.Entry<String, ? extends TensorData> entry : tensors.entrySet()) {
        TensorData data = entry.getValue();
        bytes += data.size() * data.format().bytes();
        MessageDigest digest = sha256();
        data.forEachPiece(
            (first, piece) -> {
              digest.update(piece.duplicate());
              whole.update(piece.duplicate());
              writeFully(channel, piece);
            });
        digests.put(entry.getKey(), HexFormat.of().formatHex(digest.digest()));
      }
      channel.force(true);
    }
    return new Written(bytes, HexFormat.of().formatHex(whole.digest()), digests);
  }

  private static ByteBuffer header(Map<String, ? extends TensorData> tensors) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    // Loading libraries refuse any other value.
    root.putObject(SafetensorsHeader.METADATA).put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, ? extends TensorData> entry : tensors.entrySet()) {
      TensorData tensor = entry.getValue();
      long end = offset + tensor.size() * tensor.format().bytes();
      ObjectNode node = root.putObject(entry.getKey());
      node.put("dtype", tensor.format().name());
      node.set("shape", JSON.valueToTree(tensor.shape()));
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = JSON.writeValueAsBytes(root);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer buffer = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(padded).put(json);
    buffer.put(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII));
    return buffer.flip();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
