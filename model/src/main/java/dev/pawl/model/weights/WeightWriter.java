package dev.pawl.model.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the weights of a model into a folder: {@code model.safetensors}, or, where that would be
 * larger than asked, shards {@code model-00001-of-0000N.safetensors} under {@code
 * model.safetensors.index.json}.
 */
public final class WeightWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WeightWriter() {}

  /**
   * Writes and forces new files.
   *
   * @param maxShardBytes data bytes of a file; a larger tensor gets one of its own
   * @return what was written, by file name, the index left out
   */
  public static Map<String, SafetensorsWriter.Written> write(
      Path folder, Map<String, ? extends TensorData> tensors, long maxShardBytes)
      throws IOException {
    List<Map<String, TensorData>> shards = shards(tensors, maxShardBytes);
    Map<String, SafetensorsWriter.Written> written = new LinkedHashMap<>();
    if (shards.size() == 1) {
      written.put(
          WeightFiles.SINGLE,
          SafetensorsWriter.write(folder.resolve(WeightFiles.SINGLE), shards.get(0)));
      return written;
    }
    ObjectNode index = JSON.createObjectNode();
    ObjectNode metadata = index.putObject("metadata");
    ObjectNode map = index.putObject(WeightFiles.WEIGHT_MAP);
    long total = 0;
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      written.put(name, SafetensorsWriter.write(folder.resolve(name), shards.get(i)));
      for (Map.Entry<String, TensorData> entry : shards.get(i).entrySet()) {
        map.put(entry.getKey(), name);
        total += bytes(entry.getValue());
      }
    }
    metadata.put("total_size", total);
    writeForced(
        folder.resolve(WeightFiles.INDEX),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(index));
    return written;
  }

  /** Writes and forces a new small file. */
  public static void writeForced(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /** Forces the names in a folder to disk. */
  public static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Whether a folder may be written as a new one: it is not there, or empty. */
  public static boolean isFree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return true;
    }
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (var children = Files.list(folder)) {
      return children.findAny().isEmpty();
    }
  }

  private static List<Map<String, TensorData>> shards(
      Map<String, ? extends TensorData> tensors, long maxShardBytes) {
    List<Map<String, TensorData>> shards = new ArrayList<>();
    Map<String, TensorData> shard = new LinkedHashMap<>();
    long filled = 0;
    for (Map.Entry<String, ? extends TensorData> entry : tensors.entrySet()) {
      long bytes = bytes(entry.getValue());
      if (!shard.isEmpty() && filled + bytes > maxShardBytes) {
        shards.add(shard);
        shard = new LinkedHashMap<>();
        filled = 0;
      }
      shard.put(entry.getKey(), entry.getValue());
      filled += bytes;
    }
    shards.add(shard);
    return shards;
  }

  private static long bytes(TensorData data) {
    return data.size() * data.format().bytes();
  }
}
