package dev.pawl.model.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** A process that joins shards, tells every step on stdout, and is killed in the middle. */
final class KilledUnshard {
  private KilledUnshard() {}

  /**
   * Arguments: folder of the shards, output, expected digest. Each byte on stdin allows a piece.
   */
  public static void main(String[] arguments) throws IOException {
    Path output = Path.of(arguments[1]);
    UnshardListener listener =
        new UnshardListener() {
          @Override
          public void advance(long bytes) {
            System.out.println("piece");
            try {
              if (System.in.read() < 0) {
                throw new IllegalStateException("the parent is gone");
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }

          @Override
          public void copying(Shard shard) {
            System.out.println("copying " + shard.name());
          }
        };
    Unsharded made =
        Unsharder.unshard(
            ShardSet.numbered(Path.of(arguments[0]), OptionalInt.empty(), Optional.empty()),
            output,
            output.getParent(),
            Optional.of(arguments[2]),
            listener);
    System.out.println("whole " + made.whole().sha256());
  }
}
