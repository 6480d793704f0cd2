package dev.pawl.activities.stage;

/**
 * The joined corpus, as the unshard stage recorded it.
 *
 * @param file name within the artifact
 * @param bytes size
 * @param sha256 digest, computed while joining
 */
record WholeCorpus(String file, long bytes, String sha256) {
  static final String FILE_NAME = "unshard.json";
}
