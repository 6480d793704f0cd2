package dev.pawl.model.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.model.torch.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes named tensors as one safetensors file: header length (u64, little-endian), JSON header,
 * raw row-major data without gaps, in the order given.
 */
final class SafetensorsWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SafetensorsWriter() {}

  /** What was written: the file's digest and each tensor's, over its data. */
  record Written(long bytes, String sha256, Map<String, String> tensors) {}

  /** Writes and forces a new file. */
  static Written write(Path file, Map<String, Tensor> tensors) throws IOException {
    ByteBuffer header = header(tensors);
    MessageDigest whole = Digests.sha256();
    Map<String, String> digests = new LinkedHashMap<>();
    long bytes = header.remaining();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      whole.update(header.duplicate());
      writeFully(channel, header);
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        ByteBuffer data = entry.getValue().toBytes();
        bytes += data.remaining();
        MessageDigest digest = Digests.sha256();
        digest.update(data.duplicate());
        digests.put(entry.getKey(), Digests.hex(digest));
        whole.update(data.duplicate());
        writeFully(channel, data);
      }
      channel.force(true);
    }
    return new Written(bytes, Digests.hex(whole), digests);
  }

  private static ByteBuffer header(Map<String, Tensor> tensors) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    // Loading libraries refuse any other value.
    root.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = offset + tensor.size() * tensor.type().bytes();
      ObjectNode node = root.putObject(entry.getKey());
      node.put("dtype", tensor.type().safetensorsName());
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

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
