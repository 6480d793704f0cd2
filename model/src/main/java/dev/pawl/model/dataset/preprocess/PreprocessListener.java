package dev.pawl.model.dataset.preprocess;

/** Hears how a run goes, always on the thread that runs it; may throw to stop it. */
public interface PreprocessListener {
  /** Says nothing. */
  PreprocessListener SILENT =
      new PreprocessListener() {
        @Override
        public void resumed(Progress progress) {}

        @Override
        public void advanced(Progress progress) {}

        @Override
        public void skipped(BadRecord record) {}
      };

  /** An earlier run's work was taken over. */
  void resumed(Progress progress);

  /** A block of documents is done. */
  void advanced(Progress progress);

  /** What was done so far is safe from a crash. */
  default void kept(Progress progress) {}

  /** A record was left out. */
  void skipped(BadRecord record);

  /**
   * How far a run is.
   *
   * @param documents documents done, with those of an earlier run
   * @param bytes bytes of text done, unpacked, with those of an earlier run
   * @param inputBytes bytes of the input files done, as they lie on disk
   * @param totalInputBytes bytes of all input files
   */
  record Progress(long documents, long bytes, long inputBytes, long totalInputBytes) {}
}
