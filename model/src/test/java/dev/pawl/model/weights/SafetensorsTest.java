package dev.pawl.model.weights;

import static dev.pawl.model.weights.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir private Path folder;

  private static Map<String, TensorData> some() {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    tensors.put("b", TestData.floats(List.of(2L, 2L), 1f, 2f, 3f, 4f));
    tensors.put("a", TestData.floats(List.of(3L), -1f, 0.5f, 7f).as(NumberFormat.BF16));
    tensors.put("scalar", TestData.floats(List.of(), 9f));
    tensors.put("empty", TestData.floats(List.of(0L, 4L)));
    return tensors;
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = folder.resolve("x.safetensors");
    SafetensorsWriter.Written written = SafetensorsWriter.write(file, some());
    assertEquals(Files.size(file), written.bytes());
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertEquals(List.of("b", "a", "scalar", "empty"), List.copyOf(read.entries().keySet()));
      assertEquals(NumberFormat.BF16, read.data("a").format());
      assertArrayEquals(new float[] {-1f, 0.5f, 7f}, TestData.floats(read.data("a")));
      assertArrayEquals(new float[] {1f, 2f, 3f, 4f}, TestData.floats(read.data("b")));
      assertArrayEquals(new float[] {9f}, TestData.floats(read.data("scalar")));
      assertEquals(0, read.data("empty").size());
    }
    assertTrue(
        Files.readString(file, StandardCharsets.ISO_8859_1)
            .contains("\"__metadata__\":{\"format\":\"pt\"}"));
  }

  @Test
  void shardsAreReadAsOne() throws IOException {
    // 16, 6, 4 and 0 bytes: the first fills a shard, the others share one.
    Map<String, SafetensorsWriter.Written> written = WeightWriter.write(folder, some(), 16);
    assertEquals(
        List.of("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"),
        List.copyOf(written.keySet()));
    try (WeightFiles files = WeightFiles.open(folder)) {
      assertEquals(3, files.paths().size());
      assertEquals(List.of("b", "a", "scalar", "empty"), List.copyOf(files.names()));
      assertArrayEquals(new float[] {9f}, TestData.floats(files.data("scalar")));
    }
    Path index = folder.resolve(WeightFiles.INDEX);
    assertTrue(Files.readString(index).contains("\"total_size\" : 26"));

    Files.writeString(index, Files.readString(index).replace("\"scalar\"", "\"other\""));
    refused(
        () -> WeightFiles.open(folder),
        "other is not in model-00002-of-00002.safetensors",
        "scalar in model-00002-of-00002.safetensors is not listed");
    Files.delete(folder.resolve("model-00001-of-00002.safetensors"));
    refused(() -> WeightFiles.open(folder), "there is no file");
  }

  @Test
  void anEmptyFolderIsRefused() {
    refused(
        () -> WeightFiles.open(folder),
        "holds neither model.safetensors nor model.safetensors.index.json");
  }

  // Tensors behind and across the borders of 1, 2 and 4 GiB in a file with holes, so that next to
  // nothing is really written.
  @Test
  void aFileBeyondFourGibibytesIsRead() throws IOException {
    Path file = folder.resolve("large.safetensors");
    long large = (4L << 30) + 4096;
    long small = 4096;
    String header =
        "{\"large\":{\"dtype\":\"F16\",\"shape\":[%d,2],\"data_offsets\":[0,%d]},"
                .formatted(large / 4, large)
            + "\"behind\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}}"
                .formatted(small / 4, large, large + small);
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    long data = 8L + text.length;
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      ByteBuffer start = ByteBuffer.allocate((int) data).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(start.putLong(text.length).put(text).flip(), 0);
      for (long border : new long[] {1L << 30, 2L << 30, 4L << 30}) {
        // Two halves, 1 and 2, that end on the border of the file, and two that follow it.
        ByteBuffer around = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        around.putShort((short) 0x3c00).putShort((short) 0x4000);
        around.putShort((short) 0x4200).putShort((short) 0x4400);
        long aligned = border - 4 + ((data - (border - 4)) & 1);
        channel.write(around.flip(), aligned);
      }
      ByteBuffer end = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0.75f);
      channel.write(end.flip(), data + large + small - 4);
    }
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      TensorData found = read.data("large");
      assertEquals(large / 2, found.size());
      for (long border : new long[] {1L << 30, 2L << 30, 4L << 30}) {
        long aligned = border - 4 + ((data - (border - 4)) & 1);
        ByteBuffer four = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        found.as(NumberFormat.F32).read((aligned - data) / 2, four);
        four.flip();
        assertArrayEquals(
            new float[] {1f, 2f, 3f, 4f},
            new float[] {four.getFloat(), four.getFloat(), four.getFloat(), four.getFloat()});
      }
      ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      read.data("behind").read(small / 4 - 1, last);
      assertEquals(0.75f, last.flip().getFloat());
    }
  }

  @Test
  void aHeaderThatCannotBeRightIsRefused() throws IOException {
    String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    refusedHeader(
        "{" + a + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        12,
        "tensor b overlaps tensor a");
    refusedHeader(
        "{" + a + ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[12,16]}}",
        16,
        "4 bytes between tensor a and tensor b belong to nothing");
    refusedHeader("{" + a + "}", 12, "4 bytes after tensor a belong to nothing");
    refusedHeader("{" + a + "}", 4, "lies at bytes 0 to 8, but the data has 4");
    refusedHeader("{" + a + "," + a + "}", 8, "names a tensor twice");
    refusedHeader(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
        8,
        "of type F32 and shape [3] has 8 bytes, not 12");
    refusedHeader(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
        8,
        "lies at bytes 8 to 0");
    refusedHeader(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        8,
        "lacks dtype, shape or data_offsets");
    refusedHeader(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}",
        8,
        "impossible shape");
    refusedHeader("[1,2]", 0, "not a JSON object");
    refusedHeader("{\"a\"", 0, "not JSON");
  }

  @Test
  void aFileThatIsNoneIsRefused() throws IOException {
    Path file = folder.resolve("short.safetensors");
    Files.write(file, new byte[4]);
    refused(() -> SafetensorsFile.open(file), "it has 4 bytes");
    Files.writeString(file, "version https://example.invalid/pointer");
    refused(() -> SafetensorsFile.open(file), "its header claims");
  }

  @Test
  void otherTypesAreListedButNotRead() throws IOException {
    Path file = write("{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}", 8);
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertEquals(List.of(8L), List.copyOf(read.entries().get("a").shape()));
      refused(() -> read.data("a"), "has type U8; weights are read from F64, F32, F16 and BF16");
    }
  }

  private void refusedHeader(String header, int dataBytes, String message) throws IOException {
    Path file = write(header, dataBytes);
    refused(() -> SafetensorsFile.open(file).close(), file.toString(), message);
  }

  private Path write(String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer all =
        ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(text.length).put(text);
    return Files.write(folder.resolve("made.safetensors"), all.array());
  }
}
