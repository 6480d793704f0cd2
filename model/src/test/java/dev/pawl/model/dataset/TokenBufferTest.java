package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenBufferTest {
  private static final int[] LENGTHS = {7, 1, 3000, 40};

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void start() {
    Torch.start(2);
  }

  @Test
  void everyRunOfADatasetIsTheSameInArraysAndBuffers() throws IOException {
    IndexedDataset narrow = dataset("narrow", 65_000);
    IndexedDataset wide = dataset("wide", 200_000);
    assertEquals(TokenType.UINT16, narrow.bufferType());
    assertEquals(TokenType.INT32, wide.bufferType());
    DocumentSource joined = new JoinedDocuments(List.of(narrow, wide));
    assertEquals(TokenType.INT32, joined.bufferType());
    DocumentSource alone = new JoinedDocuments(List.of(narrow)).range(0, narrow.sequences());
    assertEquals(TokenType.UINT16, alone.bufferType());
    Random random = new Random(1);
    for (DocumentSource source : List.of(narrow, wide, joined, alone)) {
      for (int round = 0; round < 300; round++) {
        int document = random.nextInt(source.sequences());
        int offset = random.nextInt(source.length(document) + 1);
        int length = random.nextInt(source.length(document) - offset + 1);
        int[] expected = new int[length + 2];
        source.read(document, offset, length, expected, 1);
        TokenBuffer buffer = new TokenBuffer(source.bufferType(), length + 2);
        source.read(document, offset, length, buffer, 1);
        int[] found = new int[length + 2];
        buffer.get(0, found, found.length);
        assertArrayEquals(expected, found);
      }
    }
  }

  @Test
  void lengthsFollowTheIndexAndPlacesOutsideAreRefused() throws IOException {
    try (IndexedDataset dataset = dataset("d", 65_000)) {
      for (int i = 0; i < dataset.sequences(); i++) {
        assertEquals(LENGTHS[i], dataset.length(i));
      }
      TokenBuffer buffer = new TokenBuffer(TokenType.UINT16, 5000);
      refused(() -> dataset.read(0, 1, LENGTHS[0], buffer, 0));
      refused(() -> dataset.read(0, -1, 2, buffer, 0));
      refused(() -> dataset.read(0, 0, -1, buffer, 0));
      refused(() -> dataset.read(LENGTHS.length - 1, 0, 41, buffer, 0));
      refused(() -> dataset.read(LENGTHS.length, 0, 0, buffer, 0));
      refused(() -> dataset.read(2, 0, 3000, buffer, 2001));
    }
  }

  @Test
  void filesOfOtherTypesAreConverted() {
    ByteBuffer source = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0xfffe01ff);
    TokenBuffer narrow = new TokenBuffer(TokenType.UINT16, 4);
    narrow.put(0, source, TokenType.UINT8, 0, 4);
    assertArrayEquals(new int[] {255, 1, 254, 255}, ids(narrow));
    TokenBuffer wide = new TokenBuffer(TokenType.INT32, 2);
    wide.put(0, source, TokenType.UINT16, 0, 2);
    assertArrayEquals(new int[] {0x01ff, 0xfffe}, ids(wide));
    wide.put(0, source, TokenType.INT16, 0, 2);
    assertArrayEquals(new int[] {0x01ff, -2}, ids(wide));
    wide.clear(0, 1);
    assertArrayEquals(new int[] {0, -2}, ids(wide));
  }

  @Test
  void idsThatDoNotFitAreRefused() {
    TokenBuffer buffer = new TokenBuffer(TokenType.UINT16, 1);
    assertThrows(IllegalArgumentException.class, () -> buffer.put(0, 65_536));
    assertThrows(IllegalArgumentException.class, () -> buffer.put(0, -1));
    assertThrows(IllegalArgumentException.class, () -> new TokenBuffer(TokenType.INT64, 1));
  }

  @Test
  void tensorsHoldTheIdsOfBothTypes() {
    int[] ids = {0, 1, 255, 256, 32_767, 32_768, 50_303, 65_535, 7};
    try (TensorScope scope = Torch.scope()) {
      for (TokenType type : List.of(TokenType.UINT16, TokenType.INT32)) {
        TokenBuffer buffer = new TokenBuffer(type, ids.length);
        buffer.put(0, ids, ids.length);
        Tensor tensor = scope.ids(buffer.bytes(), 3, 3);
        // The tensor is a copy: the next batch may overwrite the buffer.
        buffer.clear(0, ids.length);
        assertArrayEquals(new long[] {3, 3}, tensor.shape());
        assertArrayEquals(Arrays.stream(ids).asLongStream().toArray(), tensor.toLongs());
      }
      ByteBuffer short9 = ByteBuffer.allocateDirect(18);
      assertThrows(IllegalArgumentException.class, () -> scope.ids(short9, 2, 4));
    }
  }

  private static int[] ids(TokenBuffer buffer) {
    int[] ids = new int[buffer.size()];
    buffer.get(0, ids, ids.length);
    return ids;
  }

  private static void refused(org.junit.jupiter.api.function.Executable read) {
    assertThrows(IndexOutOfBoundsException.class, read);
  }

  private IndexedDataset dataset(String name, int vocabulary) throws IOException {
    Random random = new Random(vocabulary);
    Path prefix = folder.resolve(name);
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(prefix, vocabulary)) {
      for (int length : LENGTHS) {
        writer.document(random.ints(length, 0, vocabulary).toArray());
      }
      writer.finish();
    }
    return IndexedDataset.open(prefix);
  }
}
