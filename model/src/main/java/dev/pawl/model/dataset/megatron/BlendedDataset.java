package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Several datasets read in turn so that each keeps as close to its weight as whole samples allow
 * (megatron.md 3.7). Thread-safe.
 */
public final class BlendedDataset implements TokenSamples {
  /** Numbers of datasets are stored in a byte. */
  private static final int MOST_DATASETS = 254;

  private static final List<String> INDICES = List.of("index", "sample_index");

  private final List<? extends TokenSamples> datasets;
  private final NpyArray datasetIndex;
  private final NpyArray sampleIndex;

  private BlendedDataset(List<? extends TokenSamples> datasets, List<NpyArray> indices) {
    this.datasets = datasets;
    datasetIndex = indices.get(0);
    sampleIndex = indices.get(1);
  }

  /**
   * Blends datasets.
   *
   * @param weights of the datasets, not yet normalized
   * @param size number of samples in the blend
   * @throws PawlException CONFIG when weights do not match datasets; DATA when one of them would
   *     have to give more samples than it has
   */
  public static BlendedDataset open(
      List<? extends TokenSamples> datasets, double[] weights, long size, IndexCache cache)
      throws IOException {
    if (datasets.size() != weights.length) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%d weights are given for %d datasets".formatted(weights.length, datasets.size()));
    }
    if (datasets.isEmpty() || datasets.size() > MOST_DATASETS) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%d datasets cannot be blended, from 1 to %d can; merge some"
              .formatted(datasets.size(), MOST_DATASETS));
    }
    double[] shares = Weights.renormalized(Weights.normalized(weights));
    StringBuilder description = new StringBuilder("Blend\n\n");
    for (int i = 0; i < shares.length; i++) {
      // The bits and the samples that there are decide the index; names do not.
      description.append(
          "Weight %s of %d samples%n"
              .formatted(Double.toHexString(shares[i]), datasets.get(i).samples())
              .replace(System.lineSeparator(), "\n"));
    }
    description.append("Size ").append(size).append('\n');
    List<NpyArray> indices =
        cache.open(
            description.toString(),
            INDICES,
            files -> build(datasets, shares, size, files.get(0), files.get(1)));
    return new BlendedDataset(List.copyOf(datasets), indices);
  }

  private static void build(
      List<? extends TokenSamples> datasets,
      double[] shares,
      long size,
      Path datasetIndex,
      Path sampleIndex)
      throws IOException {
    long[] given = new long[shares.length];
    try (NpyWriter owners = new NpyWriter(datasetIndex, new NpyHeader(NpyType.UINT8, size, 1));
        NpyWriter samples = new NpyWriter(sampleIndex, new NpyHeader(NpyType.INT64, size, 1))) {
      for (long k = 0; k < size; k++) {
        int owner = furthestBehind(shares, given, Math.max(k, 1));
        owners.add(owner);
        samples.add(given[owner]++);
      }
      owners.finish();
      samples.finish();
    }
    for (int i = 0; i < given.length; i++) {
      if (given[i] > datasets.get(i).samples()) {
        throw new PawlException(
            FailureCause.DATA,
            "dataset %d of the blend has %d samples, its weight %s of %d samples takes %d"
                .formatted(i, datasets.get(i).samples(), shares[i], size, given[i]));
      }
    }
  }

  private static int furthestBehind(double[] shares, long[] given, long count) {
    int found = 0;
    double most = shares[0] * count - given[0];
    for (int i = 1; i < shares.length; i++) {
      double behind = shares[i] * count - given[i];
      if (behind > most) {
        most = behind;
        found = i;
      }
    }
    return found;
  }

  @Override
  public long samples() {
    return datasetIndex.header().rows();
  }

  @Override
  public int length() {
    return datasets.get(0).length();
  }

  /** Number of the dataset that a sample comes from. */
  public int dataset(long index) {
    return (int) datasetIndex.get(Objects.checkIndex(index, samples()));
  }

  /** Number of the sample within its dataset. */
  public long sampleOfDataset(long index) {
    return sampleIndex.get(Objects.checkIndex(index, samples()));
  }

  @Override
  public TokenType bufferType() {
    boolean narrow = datasets.stream().allMatch(d -> d.bufferType() == TokenType.UINT16);
    return narrow ? TokenType.UINT16 : TokenType.INT32;
  }

  @Override
  public void read(long index, TokenBuffer ids, int at, int count) {
    datasets.get(dataset(index)).read(sampleIndex.get(index), ids, at, count);
  }
}
