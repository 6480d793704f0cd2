package dev.pawl.model.dataset.preprocess;

import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes token datasets of JSON lines and texts (megatron.md 2). The same request gives the same
 * bytes whatever the number of workers and however often it was killed and run again: a run finds
 * the partitions that an earlier one finished and does again at most one, and the blocks that were
 * in flight. Outputs appear whole, at the end.
 */
public final class Preprocessor {
  private Preprocessor() {}

  /**
   * Runs a request; a second run of the same request while one is under way is refused.
   *
   * @throws PawlException CONFIG for a request that cannot be met or whose outputs exist, DATA that
   *     names file and line of a bad record or a damaged file, INFRASTRUCTURE for disks
   * @throws BusyException while another run writes to the same output prefix
   */
  public static PreprocessResult run(
      PreprocessRequest request, Tokenizer tokenizer, PreprocessListener listener) {
    try {
      return locked(request, tokenizer, listener);
    } catch (IOException e) {
      String where = e instanceof FileSystemException f && f.getFile() != null ? f.getFile() : "";
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "writing %s failed: %s; the same command goes on where it stopped once that is mended"
              .formatted(
                  where.isEmpty() ? request.outputPrefix() : where,
                  e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
          e);
    }
  }

  private static PreprocessResult locked(
      PreprocessRequest request, Tokenizer tokenizer, PreprocessListener listener)
      throws IOException {
    for (Path input : request.inputs()) {
      if (!Files.isRegularFile(input) || !Files.isReadable(input)) {
        throw new PawlException(
            FailureCause.CONFIG, "input %s is no file that can be read".formatted(input));
      }
    }
    if (!Files.isDirectory(parent(request))) {
      throw new PawlException(
          FailureCause.CONFIG,
          "the folder %s of the output prefix is not there; make it first"
              .formatted(parent(request)));
    }
    if (request.appendEndOfDocument()) {
      tokenizer.endOfText();
    }
    Fingerprint fingerprint = Fingerprint.of(request, tokenizer);
    if (!Files.isDirectory(request.workFolder())) {
      requireNoOutput(request);
    }
    Path output = Objects.requireNonNull(request.outputPrefix().getFileName(), "file name");
    try (WorkFolder work = WorkFolder.open(request.workFolder(), output.toString())) {
      // Outputs beside a journal of this very run were made by it, just before it was killed.
      boolean resumed = work.resume(fingerprint);
      if (!resumed) {
        requireNoOutput(request);
      }
      Part last = last(work);
      if (!resumed || (request.onBadRecord() == OnBadRecord.FAIL && last.skipped() > 0)) {
        work.begin(fingerprint);
        last = Part.NONE;
      }
      if (last.number() >= 0) {
        listener.resumed(Partitions.progress(last, fingerprint));
      }
      BlockEncoder encoder = new BlockEncoder(request, tokenizer, fingerprint.type().bytes());
      new Partitions(request, encoder, work, fingerprint, listener).run(last);
      if (!Fingerprint.of(request, tokenizer).equals(fingerprint)) {
        throw new PawlException(
            FailureCause.DATA,
            "an input file changed while it was read: %s; run again when it is complete"
                .formatted(names(request.inputs())));
      }
      return assemble(request, tokenizer, work, fingerprint);
    }
  }

  private static PreprocessResult assemble(
      PreprocessRequest request, Tokenizer tokenizer, WorkFolder work, Fingerprint fingerprint)
      throws IOException {
    Part last = last(work);
    if (last.documents() == 0) {
      throw new PawlException(
          FailureCause.DATA,
          "%s: no document in it%s"
              .formatted(
                  names(request.inputs()),
                  last.skipped() > 0 ? ", all %,d records are bad".formatted(last.skipped()) : ""));
    }
    List<PreprocessResult.Output> outputs = new Assembly(request, fingerprint.type()).write(work);
    PreprocessResult result =
        new PreprocessResult(
            fingerprint.tokenizerDigest(),
            tokenizer.vocabularySize(),
            fingerprint.endOfDocument(),
            fingerprint.sentences(),
            fingerprint.inputs(),
            last.documents(),
            last.skipped(),
            last.bytes(),
            outputs);
    work.finish(result);
    return result;
  }

  private static Part last(WorkFolder work) {
    List<Part> parts = work.parts();
    return parts.isEmpty() ? Part.NONE : parts.get(parts.size() - 1);
  }

  private static void requireNoOutput(PreprocessRequest request) {
    if (request.overwrite()) {
      return;
    }
    for (String key : request.jsonKeys()) {
      Path output = request.output(key);
      for (String ending : List.of(".bin", ".idx")) {
        Path file = output.resolveSibling(output.getFileName() + ending);
        if (Files.exists(file)) {
          throw new BusyException(
              "%s is there already; choose another output prefix, or --overwrite".formatted(file));
        }
      }
    }
  }

  static Path parent(PreprocessRequest request) {
    @Nullable Path parent = request.outputPrefix().getParent();
    if (parent == null) {
      throw new PawlException(
          FailureCause.CONFIG,
          "output prefix %s is no file name".formatted(request.outputPrefix()));
    }
    return parent;
  }

  static String names(List<Path> inputs) {
    return inputs.size() > 3
        ? "%s and %d more files".formatted(inputs.get(0), inputs.size() - 1)
        : inputs.stream().map(Path::toString).collect(Collectors.joining(", "));
  }
}
