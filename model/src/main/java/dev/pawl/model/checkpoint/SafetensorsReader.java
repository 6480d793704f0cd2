package dev.pawl.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads a safetensors file into tensors that exist already. */
final class SafetensorsReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private SafetensorsReader() {}

  /**
   * Fills every given tensor from the file.
   *
   * @throws PawlException DATA that lists every missing tensor and every wrong type or shape;
   *     nothing is filled then
   */
  static void read(Path file, Map<String, Tensor> tensors) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer length = map(channel, file, 0, 8);
      long headerBytes = length.getLong();
      if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
        throw damaged(file, "its header claims " + headerBytes + " bytes");
      }
      byte[] text = new byte[(int) headerBytes];
      map(channel, file, 8, headerBytes).get(text);
      JsonNode header = JSON.readTree(text);
      List<String> problems = new ArrayList<>();
      tensors.forEach((name, tensor) -> check(name, tensor, header.path(name), problems));
      if (!problems.isEmpty()) {
        throw new PawlException(
            FailureCause.DATA, file + " does not fit the model: " + String.join("; ", problems));
      }
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        long begin = header.path(entry.getKey()).path("data_offsets").path(0).asLong();
        Tensor tensor = entry.getValue();
        tensor.set(
            map(channel, file, 8 + headerBytes + begin, tensor.size() * tensor.type().bytes()));
      }
    }
  }

  private static void check(String name, Tensor tensor, JsonNode entry, List<String> problems) {
    if (entry.isMissingNode()) {
      problems.add(name + " is missing");
      return;
    }
    String type = entry.path("dtype").asText();
    if (!type.equals(tensor.type().safetensorsName())) {
      problems.add("%s is %s, not %s".formatted(name, type, tensor.type().safetensorsName()));
    }
    List<Long> shape = new ArrayList<>();
    entry.path("shape").forEach(dimension -> shape.add(dimension.asLong()));
    List<Long> wanted = Arrays.stream(tensor.shape()).boxed().toList();
    if (!shape.equals(wanted)) {
      problems.add("%s has shape %s, the model %s".formatted(name, shape, wanted));
    }
  }

  private static ByteBuffer map(FileChannel channel, Path file, long at, long bytes)
      throws IOException {
    if (at + bytes > channel.size()) {
      throw damaged(file, "it ends at byte %d, before %d".formatted(channel.size(), at + bytes));
    }
    return channel.map(FileChannel.MapMode.READ_ONLY, at, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static PawlException damaged(Path file, String how) {
    return new PawlException(FailureCause.DATA, file + " is not a whole safetensors file: " + how);
  }
}
