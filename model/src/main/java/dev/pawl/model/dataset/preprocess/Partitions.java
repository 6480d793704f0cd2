package dev.pawl.model.dataset.preprocess;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads blocks, has them tokenized by all workers at once and lays them down in input order. Only
 * this thread reads and writes; workers only compute. All workers are in the same partition or one
 * block beyond, so that a crash costs one partition however many there are.
 */
final class Partitions {
  private static final int BLOCK_BYTES = 1 << 18;

  private final PreprocessRequest request;
  private final BlockEncoder encoder;
  private final WorkFolder work;
  private final Fingerprint fingerprint;
  private final PreprocessListener listener;

  private Part done = Part.NONE;
  private long partStart;
  private long partDocuments;
  private @Nullable PartWriter writer;

  Partitions(
      PreprocessRequest request,
      BlockEncoder encoder,
      WorkFolder work,
      Fingerprint fingerprint,
      PreprocessListener listener) {
    this.request = request;
    this.encoder = encoder;
    this.work = work;
    this.fingerprint = fingerprint;
    this.listener = listener;
  }

  /** Goes on behind a finished partition to the end of the input. */
  void run(Part last) throws IOException {
    done = last;
    partStart = last.bytes();
    ExecutorService workers =
        Executors.newFixedThreadPool(
            request.workers(),
            task -> {
              Thread thread = new Thread(task, "tokenize");
              thread.setDaemon(true);
              return thread;
            });
    int blockBytes = (int) Math.min(BLOCK_BYTES, request.partitionBytes());
    try (InputBlocks blocks =
        new InputBlocks(
            request.inputs(),
            request.format() == RecordFormat.WHOLE_FILES,
            blockBytes,
            last.file(),
            last.offset())) {
      Deque<Future<EncodedBlock>> inFlight = new ArrayDeque<>();
      for (InputBlock block = blocks.next(); block != null; block = blocks.next()) {
        InputBlock next = block;
        inFlight.add(workers.submit(() -> encoder.encode(next)));
        if (inFlight.size() > 2 * request.workers()) {
          append(result(inFlight.remove()));
        }
      }
      while (!inFlight.isEmpty()) {
        append(result(inFlight.remove()));
      }
      commit();
    } finally {
      stop(workers);
      if (writer != null) {
        writer.close();
      }
    }
  }

  // The tokenizer is closed behind this: nobody may be inside it any more.
  private static void stop(ExecutorService workers) {
    workers.shutdownNow();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = workers.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static EncodedBlock result(Future<EncodedBlock> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PawlException(FailureCause.CANCELLED, "preprocessing was interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof PawlException known) {
        throw known;
      }
      if (cause instanceof OutOfMemoryError) {
        throw new PawlException(
            FailureCause.MEMORY,
            "the Java heap is too small for %s; give fewer workers or a larger -Xmx"
                .formatted("the records in flight"),
            cause);
      }
      throw new IllegalStateException("a tokenizing thread failed", cause);
    }
  }

  private void append(EncodedBlock block) throws IOException {
    InputBlock input = block.input();
    long lineBefore = input.file() == done.file() ? done.line() : 0;
    for (EncodedBlock.Bad bad : block.bad()) {
      BadRecord record =
          new BadRecord(request.inputs().get(input.file()), lineBefore + bad.line(), bad.reason());
      if (request.onBadRecord() == OnBadRecord.FAIL) {
        throw new PawlException(FailureCause.DATA, record + "; " + request.format().remedy());
      }
      listener.skipped(record);
    }
    PartWriter now = writer;
    if (now == null) {
      now = new PartWriter(work.file(done.number() + 1));
      writer = now;
    }
    now.append(block.ids());
    partDocuments += block.documents();
    done =
        new Part(
            done.number(),
            0,
            0,
            0,
            input.file(),
            input.end(),
            lineBefore + block.lines(),
            done.documents() + block.documents(),
            done.skipped() + block.bad().size(),
            done.bytes() + input.length(),
            input.inputBytes());
    listener.advanced(progress(done, fingerprint));
    if (done.bytes() - partStart >= request.partitionBytes()) {
      commit();
    }
  }

  private void commit() throws IOException {
    PartWriter now = writer;
    if (now == null) {
      return;
    }
    now.finish();
    done =
        new Part(
            done.number() + 1,
            now.bytes(),
            now.checksum(),
            partDocuments,
            done.file(),
            done.offset(),
            done.line(),
            done.documents(),
            done.skipped(),
            done.bytes(),
            done.inputBytes());
    work.add(done);
    listener.kept(progress(done, fingerprint));
    writer = null;
    partDocuments = 0;
    partStart = done.bytes();
  }

  static PreprocessListener.Progress progress(Part part, Fingerprint fingerprint) {
    return new PreprocessListener.Progress(
        part.documents(), part.bytes(), part.inputBytes(), fingerprint.totalBytes());
  }
}
