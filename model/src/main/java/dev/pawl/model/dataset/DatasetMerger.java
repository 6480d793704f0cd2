package dev.pawl.model.dataset;

import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Joins token datasets byte for byte as the reference's merge tool does (megatron.md 1.5). */
public final class DatasetMerger {
  private DatasetMerger() {}

  /**
   * The datasets of a folder in code point order: part_10 comes before part_2.
   *
   * @throws PawlException DATA when a file of the folder lacks its twin
   */
  public static List<Path> prefixes(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new PawlException(
          FailureCause.CONFIG,
          folder + " is not a folder; give the folder that holds the datasets");
    }
    SortedSet<String> names = new TreeSet<>(DatasetMerger::byCodePoint);
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      int dot = name.lastIndexOf('.');
      boolean index = name.endsWith(".idx");
      String base = dot < 0 ? name : name.substring(0, dot);
      Path twin = folder.resolve(base + (index ? ".bin" : ".idx"));
      if (!Files.isRegularFile(twin)) {
        throw new PawlException(
            FailureCause.DATA,
            "%s has no %s beside it; complete the dataset or move the file elsewhere"
                .formatted(file, twin.getFileName()));
      }
      names.add(base);
    }
    return names.stream().map(folder::resolve).toList();
  }

  /**
   * Writes one dataset out of several, in the order given.
   *
   * @param output prefix of the new dataset, in a folder that exists
   * @throws PawlException DATA when an input is damaged, holds another element type, or when there
   *     is no token in any; CONFIG when the folder of the output does not exist
   * @throws BusyException when the output exists or is being written
   */
  public static MergedDataset merge(List<Path> prefixes, Path output, ByteProgress progress)
      throws IOException {
    Path parent = output.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new PawlException(
          FailureCause.CONFIG, "the folder of %s does not exist; make it".formatted(output));
    }
    if (prefixes.isEmpty()) {
      throw new PawlException(FailureCause.DATA, "there is no dataset to merge; name at least one");
    }
    List<IndexedDataset> inputs = new ArrayList<>();
    for (Path prefix : prefixes) {
      inputs.add(IndexedDataset.open(prefix));
    }
    long tokens = inputs.stream().mapToLong(IndexedDataset::tokens).sum();
    if (tokens == 0) {
      throw new PawlException(
          FailureCause.DATA,
          "the %d datasets to merge hold no token; look at how they were made"
              .formatted(inputs.size()));
    }
    TokenType type = inputs.get(0).type();
    for (IndexedDataset input : inputs) {
      if (input.type() != type) {
        throw new PawlException(
            FailureCause.DATA,
            "%s holds %s, %s holds %s; tokenize both with one vocabulary"
                .formatted(input.bin(), input.type().id(), inputs.get(0).bin(), type.id()));
      }
    }
    DiskRoom.require(output, tokens * type.bytes);
    try (OutputLock lock = OutputLock.take(output)) {
      for (String ending : List.of(".bin", ".idx")) {
        if (Files.exists(IndexedDataset.file(output, ending))) {
          throw new BusyException(
              "%s exists; remove it or choose another output"
                  .formatted(IndexedDataset.file(output, ending)));
        }
      }
      return write(inputs, output, type, lock, progress);
    }
  }

  private static MergedDataset write(
      List<IndexedDataset> inputs,
      Path output,
      TokenType type,
      OutputLock held,
      ByteProgress progress)
      throws IOException {
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(output, type)) {
      for (IndexedDataset input : inputs) {
        writer.append(input, progress);
      }
      held.requireHeld();
      writer.finish();
    }
    try (IndexedDataset made = IndexedDataset.open(output)) {
      return new MergedDataset(
          inputs.size(), made.documents(), made.sequences(), made.tokens(), type.id());
    }
  }

  // String.compareTo compares UTF-16 units, which puts the astral planes before U+E000.
  private static int byCodePoint(String a, String b) {
    int[] left = a.codePoints().toArray();
    int[] right = b.codePoints().toArray();
    return java.util.Arrays.compare(left, right);
  }
}
