package dev.pawl.model.dataset.megatron;

import dev.pawl.model.config.Split;
import dev.pawl.model.dataset.DocumentSource;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The samples of a part of some datasets (megatron.md 3.4 to 3.7): one dataset by itself, several
 * blended.
 *
 * @param split ratios of train, valid and test, the same for each dataset
 * @param seqLength L; a sample has one token more
 * @param seed of all shuffles
 */
public record MegatronData(
    List<WeightedDocuments> datasets, Split split, int seqLength, long seed, IndexCache cache) {

  /** Parts of a split, in its order. */
  public enum Part {
    TRAIN(0, "train"),
    VALID(1, "valid"),
    TEST(2, "test");

    private final int number;
    private final String text;

    Part(int number, String text) {
      this.number = number;
      this.text = text;
    }
  }

  /**
   * Documents with their weight in the blend.
   *
   * @param name for messages
   */
  public record WeightedDocuments(String name, double weight, DocumentSource documents) {}

  public MegatronData {
    datasets = List.copyOf(datasets);
    if (datasets.isEmpty()) {
      throw new PawlException(FailureCause.CONFIG, "no dataset is given to take samples from");
    }
  }

  /**
   * The samples of a part; empty when the split leaves it no document of any dataset. A dataset
   * without documents in the part is left out, and so is its weight.
   *
   * @param samples at least so many; 0 is one epoch of each dataset
   */
  public Optional<TokenSamples> part(Part part, long samples) throws IOException {
    List<WeightedDocuments> present = new ArrayList<>();
    List<long[]> bounds = new ArrayList<>();
    for (WeightedDocuments dataset : datasets) {
      long[] all = split.bounds(dataset.documents().sequences());
      if (all[part.number] < all[part.number + 1]) {
        present.add(dataset);
        bounds.add(all);
      }
    }
    if (present.isEmpty()) {
      return Optional.empty();
    }
    double[] weights = present.stream().mapToDouble(WeightedDocuments::weight).toArray();
    double[] shares = Weights.normalized(weights);
    List<TokenSamples> parts = new ArrayList<>();
    long size = 0;
    for (int i = 0; i < present.size(); i++) {
      long wanted = present.size() == 1 ? samples : Weights.request(samples, shares[i]);
      parts.add(open(part, present.get(i), bounds.get(i), wanted));
      size += samples == 0 ? parts.get(i).samples() : wanted;
    }
    return Optional.of(
        parts.size() == 1 ? parts.get(0) : BlendedDataset.open(parts, weights, size, cache));
  }

  /**
   * The samples of a part that there must be.
   *
   * @throws PawlException DATA when the split leaves it nothing
   */
  public TokenSamples required(Part part, long samples) throws IOException {
    return part(part, samples)
        .orElseThrow(
            () ->
                new PawlException(
                    FailureCause.DATA,
                    "split %s leaves no document for %s (%s): give more documents or another split"
                        .formatted(
                            split.text(),
                            part.text,
                            datasets.stream()
                                .map(
                                    dataset ->
                                        "%s has %d"
                                            .formatted(
                                                dataset.name(), dataset.documents().sequences()))
                                .toList())));
  }

  private TokenSamples open(Part part, WeightedDocuments dataset, long[] bounds, long wanted)
      throws IOException {
    GptIndexRequest request =
        new GptIndexRequest(dataset.name(), part.text, wanted, seqLength, seed, split.text());
    return GptDataset.open(
        dataset.documents(),
        Math.toIntExact(bounds[part.number]),
        Math.toIntExact(bounds[part.number + 1]),
        request,
        cache);
  }
}
