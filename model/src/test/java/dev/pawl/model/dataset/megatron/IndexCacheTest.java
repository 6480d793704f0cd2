package dev.pawl.model.dataset.megatron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexCacheTest {
  private static final String DESCRIPTION = "a text that says all\n";
  private static final String KEY = GptIndexRequest.key(DESCRIPTION);

  @TempDir private Path folder = Path.of("");

  private final AtomicInteger builds = new AtomicInteger();

  @Test
  void whatIsThereIsNotBuiltAgain() throws IOException {
    assertEquals(7, open().get(3));
    assertEquals(7, open().get(3));
    assertEquals(1, builds.get());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of(KEY + ".dsc", KEY + ".lock", KEY + ".sha256", KEY + "_x.npy"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aFlippedBitIsFoundAndMended() throws IOException {
    open();
    Path file = folder.resolve(KEY + "_x.npy");
    byte[] good = Files.readAllBytes(file);
    byte[] bad = good.clone();
    bad[140] ^= 1;
    Files.write(file, bad);
    assertEquals(7, open().get(3));
    assertEquals(2, builds.get());
    assertArrayEquals(good, Files.readAllBytes(file));
    Files.write(file, java.util.Arrays.copyOf(good, 150));
    open();
    Files.delete(file);
    open();
    assertEquals(4, builds.get());
  }

  @Test
  void aBuildThatFailsLeavesNoIndex() {
    IndexCache cache = new IndexCache(folder);
    assertThrows(
        IOException.class,
        () ->
            cache.open(
                DESCRIPTION,
                List.of("x"),
                files -> {
                  Files.writeString(files.get(0), "half");
                  throw new IOException("disk full");
                }));
    assertTrue(Files.notExists(folder.resolve(KEY + "_x.npy")));
    assertTrue(Files.notExists(folder.resolve(KEY + ".sha256")));
  }

  @Test
  void anIndexOfOtherDataIsRefused() throws IOException {
    open();
    Files.writeString(folder.resolve(KEY + ".dsc"), "something else\n");
    PawlException refused = assertThrows(PawlException.class, this::open);
    assertEquals(FailureCause.DATA, refused.failureCause());
    assertTrue(refused.getMessage().contains("index of other data"), refused.getMessage());
    assertTrue(refused.getMessage().contains("something else"), refused.getMessage());
  }

  @Test
  void manyThreadsBuildOnce() {
    long sum =
        IntStream.range(0, 8)
            .parallel()
            .mapToLong(
                i -> {
                  try {
                    return open().get(3);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                })
            .sum();
    assertEquals(56, sum);
    assertEquals(1, builds.get());
  }

  @Test
  void twoProcessesBuildOnce() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  IndexCacheTest.class.getName(),
                  folder.toString())
              .inheritIO()
              .start());
    }
    for (Process process : processes) {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
    }
    assertEquals("built\n", Files.readString(folder.resolve("builds.txt")));
  }

  /** Opens the index slowly, and notes it when it builds. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    List<NpyArray> arrays =
        new IndexCache(folder)
            .open(
                DESCRIPTION,
                List.of("x"),
                files -> {
                  write(files.get(0));
                  Files.writeString(
                      folder.resolve("builds.txt"),
                      "built\n",
                      java.nio.file.StandardOpenOption.CREATE,
                      java.nio.file.StandardOpenOption.APPEND);
                  pause();
                });
    if (arrays.get(0).get(3) != 7) {
      throw new IllegalStateException("the index is wrong in " + new File(arguments[0]));
    }
  }

  private static void pause() {
    try {
      Thread.sleep(300);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private NpyArray open() throws IOException {
    return new IndexCache(folder)
        .open(
            DESCRIPTION,
            List.of("x"),
            files -> {
              builds.incrementAndGet();
              write(files.get(0));
            })
        .get(0);
  }

  private static void write(Path file) throws IOException {
    try (NpyWriter writer = new NpyWriter(file, new NpyHeader(NpyType.UINT32, 10, 1))) {
      for (int i = 0; i < 10; i++) {
        writer.add(10 - i);
      }
      writer.finish();
    }
  }
}
