package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.DocumentSource;
import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * Samples of L+1 tokens across the documents of a part of a dataset, in Megatron's order
 * (megatron.md 3.5). Any sample is found at once, from mapped indices. Thread-safe.
 */
public final class GptDataset implements TokenSamples {
  private static final List<String> INDICES = List.of("doc_idx", "sample_idx", "shuffle_idx");

  private final DocumentSource whole;
  private final int length;
  private final GptPlan plan;
  private final NpyArray documentIndex;
  private final NpyArray sampleIndex;
  private final NpyArray shuffleIndex;

  private GptDataset(DocumentSource whole, GptPlan plan, List<NpyArray> indices) {
    this.whole = whole;
    this.length = plan.seqLength() + 1;
    this.plan = plan;
    documentIndex = indices.get(0);
    sampleIndex = indices.get(1);
    shuffleIndex = indices.get(2);
  }

  /**
   * Opens a part of a dataset, building its indices when the cache lacks them.
   *
   * @param whole documents of the whole dataset
   * @param from number of the part's first document
   * @param to number of the document behind the part
   * @throws PawlException DATA when the part has too few tokens for a sample, or the cache holds an
   *     index of other data under its name
   */
  public static GptDataset open(
      DocumentSource whole, int from, int to, GptIndexRequest request, IndexCache cache)
      throws IOException {
    DocumentSource part = whole.range(from, to);
    GptPlan plan = plan(part, request);
    String description = request.ownDescription(content(part, from), plan.epochs());
    List<NpyArray> indices =
        cache.open(
            description,
            INDICES,
            files ->
                new GptIndexBuilder(part, from, plan, request.seed())
                    .build(files.get(0), files.get(1), files.get(2)));
    check(indices, plan, part, description);
    return new GptDataset(whole, plan, indices);
  }

  private static GptPlan plan(DocumentSource part, GptIndexRequest request) {
    try {
      return GptPlan.of(part.tokens(), request.seqLength(), request.samples());
    } catch (PawlException e) {
      throw new PawlException(
          e.failureCause(),
          "%s, part %s of split %s: %s"
              .formatted(request.prefix(), request.part(), request.split(), e.getMessage()));
    }
  }

  /** Digest of the lengths, which are all of the data that an index depends on. */
  private static String content(DocumentSource part, int from) {
    IntDigest digest = new IntDigest();
    digest.add(from);
    for (int i = 0; i < part.sequences(); i++) {
      digest.add(part.length(i));
    }
    return digest.hex();
  }

  private static void check(
      List<NpyArray> indices, GptPlan plan, DocumentSource part, String description) {
    boolean fits =
        indices.get(0).header().rows() == plan.epochs() * part.sequences()
            && indices.get(1).header().rows() == plan.samples() + 1
            && indices.get(1).header().columns() == 2
            && indices.get(2).header().rows() == plan.samples();
    if (!fits) {
      throw new PawlException(
          FailureCause.DATA,
          "the cached index %s has other numbers of documents or samples than its data; remove its files"
              .formatted(GptIndexRequest.key(description)));
    }
  }

  @Override
  public long samples() {
    return plan.samples();
  }

  @Override
  public int length() {
    return length;
  }

  /** Times that every document is read. */
  public long epochs() {
    return plan.epochs();
  }

  @Override
  public TokenType bufferType() {
    return whole.bufferType();
  }

  @Override
  public void read(long index, TokenBuffer ids, int at, int count) {
    long sample = shuffleIndex.get(Objects.checkIndex(index, plan.samples()));
    long position = sampleIndex.get(2 * sample);
    int offset = (int) sampleIndex.get(2 * sample + 1);
    int filled = 0;
    // One row says where to begin; the length says where to end.
    while (filled < count) {
      int document = (int) documentIndex.get(position++);
      filled += whole.readUpTo(document, offset, count - filled, ids, at + filled);
      offset = 0;
    }
  }
}
