package dev.pawl.model.dataset;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file once and gives every piece to several consumers, each in a thread of its own, so
 * that hashing, hashing again and writing overlap. For one caller at a time.
 */
final class FanOut implements AutoCloseable {
  private static final int CHUNKS = 16;
  private static final int CHUNK_BYTES = 1 << 20;

  private final List<BlockingQueue<Piece>> queues = new ArrayList<>();
  private final BlockingQueue<Chunk> free = new ArrayBlockingQueue<>(CHUNKS);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** Starts the threads. */
  FanOut(int consumers) {
    for (int i = 0; i < CHUNKS; i++) {
      free.add(new Chunk());
    }
    for (int i = 0; i < consumers; i++) {
      BlockingQueue<Piece> queue = new ArrayBlockingQueue<>(CHUNKS + 1);
      queues.add(queue);
      Thread thread = new Thread(() -> consume(queue), "fan-out-" + i);
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** What is done with a piece; it is the consumer's only until it returns. */
  @FunctionalInterface
  interface Consumer {
    void accept(Chunk chunk) throws IOException;
  }

  /** A piece of a file, on the heap for digests and off the heap for channels. */
  static final class Chunk {
    private final ByteBuffer direct = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private final byte[] heap = new byte[CHUNK_BYTES];
    private final AtomicInteger users = new AtomicInteger();

    byte[] bytes() {
      return heap;
    }

    int length() {
      return direct.limit();
    }

    /** The piece for writing, at its beginning; for one consumer. */
    ByteBuffer direct() {
      return direct.rewind();
    }
  }

  private record Piece(@Nullable Chunk chunk, @Nullable Consumer consumer) {}

  /**
   * Reads a part of a file; returns when every consumer has had every piece.
   *
   * @return bytes read: fewer than asked for when the file ends before
   * @throws IOException of the reading or of a consumer
   */
  long pump(FileChannel in, long from, long bytes, List<Consumer> consumers, ByteProgress progress)
      throws IOException {
    long done = 0;
    try {
      while (done < bytes && failure.get() == null) {
        Chunk chunk = free.take();
        int read = read(in, from + done, chunk, bytes - done);
        if (read == 0) {
          free.add(chunk);
          break;
        }
        chunk.users.set(consumers.size());
        for (int i = 0; i < consumers.size(); i++) {
          queues.get(i).add(new Piece(chunk, consumers.get(i)));
        }
        done += read;
        progress.advance(read);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while copying");
    } finally {
      drain();
    }
    rethrow();
    return done;
  }

  private int read(FileChannel in, long at, Chunk chunk, long most) throws IOException {
    boolean read = false;
    try {
      chunk.direct.clear().limit((int) Math.min(CHUNK_BYTES, most));
      while (chunk.direct.hasRemaining()
          && in.read(chunk.direct, at + chunk.direct.position()) >= 0) {}
      chunk.direct.flip();
      chunk.direct.get(chunk.heap, 0, chunk.direct.limit());
      read = true;
      return chunk.direct.limit();
    } finally {
      if (!read) {
        free.add(chunk);
      }
    }
  }

  private void consume(BlockingQueue<Piece> queue) {
    boolean open = true;
    while (open) {
      try {
        Piece piece = queue.take();
        Chunk chunk = piece.chunk();
        Consumer consumer = piece.consumer();
        if (chunk == null || consumer == null) {
          open = false;
        } else {
          give(chunk, consumer);
        }
      } catch (InterruptedException e) {
        // Nobody interrupts these threads; they end by an empty piece.
        failure.compareAndSet(null, e);
      }
    }
  }

  private void give(Chunk chunk, Consumer consumer) {
    try {
      if (failure.get() == null) {
        consumer.accept(chunk);
      }
    } catch (Throwable thrown) {
      failure.compareAndSet(null, thrown);
    } finally {
      if (chunk.users.decrementAndGet() == 0) {
        free.add(chunk);
      }
    }
  }

  // All chunks are free again when every consumer is done with all of them.
  private void drain() {
    List<Chunk> all = new ArrayList<>();
    boolean interrupted = false;
    while (all.size() < CHUNKS) {
      try {
        all.add(free.take());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    free.addAll(all);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void rethrow() throws IOException {
    Throwable thrown = failure.getAndSet(null);
    if (thrown instanceof IOException io) {
      throw io;
    }
    if (thrown instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw new IOException(thrown);
    }
  }

  /** Ends the threads. */
  @Override
  public void close() {
    queues.forEach(queue -> queue.add(new Piece(null, null)));
  }
}
