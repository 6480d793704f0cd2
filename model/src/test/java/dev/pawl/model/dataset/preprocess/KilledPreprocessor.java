package dev.pawl.model.dataset.preprocess;

import dev.pawl.model.dataset.preprocess.PreprocessorTest.RequestBuilder;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A process that preprocesses slowly, says how far it is, and is killed. */
final class KilledPreprocessor {
  static final long PARTITION_BYTES = 30_000;

  private KilledPreprocessor() {}

  public static void main(String[] arguments) {
    PreprocessListener spoken =
        new PreprocessListener() {
          @Override
          public void resumed(Progress progress) {
            System.out.println("resumed " + progress.bytes());
          }

          @Override
          public void advanced(Progress progress) {
            System.out.println("advanced " + progress.bytes());
          }

          @Override
          public void skipped(BadRecord record) {}
        };
    PreprocessRequest request =
        new RequestBuilder(Path.of(arguments[0]), "a.jsonl")
            .eod()
            .workers(2)
            .partition(PARTITION_BYTES)
            .make();
    Preprocessor.run(request, new Slow(Tokenizers.bytes()), spoken);
    System.out.println("done");
  }

  private record Slow(Tokenizer of) implements Tokenizer {
    @Override
    public int[] encode(String text) {
      LockSupport.parkNanos(300_000);
      return of.encode(text);
    }

    @Override
    public String decode(int[] ids) {
      return of.decode(ids);
    }

    @Override
    public int vocabularySize() {
      return of.vocabularySize();
    }

    @Override
    public int endOfText() {
      return of.endOfText();
    }

    @Override
    public String digest() {
      return of.digest();
    }

    @Override
    public void close() {
      of.close();
    }
  }
}
