# Block Transformer (block-transformer.md 1.4-1.8, 1.11): an embedder makes m vectors of each block of L
# tokens, the block decoder attends over them, and the token decoder predicts the next block's tokens
# from their m context vectors alone.
#
# Settings: embedder   - lookup, roberta, roberta_cls or t5
#           block_*    - the stack of the block decoder; token_* that of a NeoX token decoder, and
#                        token_dropout that of a T5 token decoder
#           strategy   - prefix, summation or cross_attention; the last is that of a T5 token decoder
#           expands, ratio - whether and to how many vectors a linear map expands a context vector
#           *_loss, *_weight - which losses are trained, and their shares
#           compute    - number type of forward and backward: 6 fp32, 7 fp64, 15 bf16
#           chunk      - blocks that the token decoder reads at a time
#           rows       - rows of logits that exist at a time
#           recompute  - layers keep their input only and compute a second time on the way back
#
# Shapes: B sequences, N blocks, L tokens in a block, m embedding tokens, D hidden size of the block
# decoder, E of the token decoder, R expanded vectors of a block, V vocabulary rows, n predicted blocks.

class Block(Module):
  training: bool
  block_length: int
  embedder: str
  embedding_tokens: int
  cls_tokens: int
  projects: bool
  encoder_layers: int
  encoder_heads: int
  encoder_eps: float
  encoder_dropout: float
  encoder_attention_dropout: float
  encoder_buckets: int
  encoder_max_distance: int
  block_layers: int
  block_heads: int
  block_rotary_dims: int
  block_rotary_base: float
  block_eps: float
  block_hidden_dropout: float
  block_attention_dropout: float
  strategy: str
  expands: bool
  ratio: int
  token_layers: int
  token_heads: int
  token_head_size: int
  token_rotary_dims: int
  token_rotary_base: float
  token_eps: float
  token_hidden_dropout: float
  token_attention_dropout: float
  token_buckets: int
  token_max_distance: int
  token_dropout: float
  token_loss: bool
  block_loss: str
  block_weight: float
  auto_loss: bool
  auto_weight: float
  compute: int
  chunk: int
  rows: int
  recompute: bool

  # train turns dropout on, a function of seed.
  def block_stack(self, train: bool, seed: int) -> __torch__.neox.Stack:
    return __torch__.neox.Stack(
        self.block_layers, self.block_heads, self.block_rotary_dims, self.block_rotary_base, self.block_eps,
        self.block_hidden_dropout if train else 0.0, self.block_attention_dropout if train else 0.0, seed)

  def token_stack(self, train: bool, seed: int) -> __torch__.neox.Stack:
    return __torch__.neox.Stack(
        self.token_layers, self.token_heads, self.token_rotary_dims, self.token_rotary_base, self.token_eps,
        self.token_hidden_dropout if train else 0.0, self.token_attention_dropout if train else 0.0, seed)

  def t5_stack(self, train: bool) -> __torch__.t5.Stack:
    dropout = self.token_dropout if train else 0.0
    return __torch__.t5.Stack(self.token_layers, self.token_heads, self.token_buckets, self.token_max_distance, self.token_eps, dropout)

  # Vectors of blocks. A lookup embedder looks at no mask: padding counts as id 0. train turns dropout
  # on. ids, mask [B, N, L] -> [B, N * m, D]
  def embed(self, w: Dict[str, Tensor], ids, mask, train: bool) -> Tensor:
    batch = ids.size(0)
    ids = ids.flatten(0, 1)
    mask = mask.flatten(0, 1)
    dropout = self.encoder_dropout if train else 0.0
    if self.embedder == "lookup":
      x = torch.embedding(w["embedder.embeddings.weight"], ids)
    elif self.embedder == "t5":
      s = __torch__.t5.Stack(self.encoder_layers, self.encoder_heads, self.encoder_buckets, self.encoder_max_distance, self.encoder_eps, dropout)
      x = torch.embedding(w["embedder.shared.weight"], ids)
      x = __torch__.t5.encoder(x, w, "embedder.encoder", s, mask)
    else:
      if self.embedder == "roberta_cls":
        front = torch.zeros_like(ids[:, :1]).expand([-1, self.cls_tokens])
        ids = torch.cat([front, ids], 1)
        mask = torch.cat([torch.ones_like(mask[:, :1]).expand([-1, self.cls_tokens]), mask], 1)
      attention_dropout = self.encoder_attention_dropout if train else 0.0
      e = __torch__.roberta.Encoder(self.encoder_layers, self.encoder_heads, self.encoder_eps, dropout, attention_dropout)
      x = __torch__.roberta.encode(w, "embedder", e, ids, mask)
      if self.embedder == "roberta_cls":
        x = x[:, :self.cls_tokens]
    # The token vectors of each of the m parts side by side, [.., k, c] flat.
    x = x.reshape([batch, -1, x.size(1) // self.embedding_tokens * x.size(2)])
    if self.projects:
      # The stored weight is a convolution's, [D, c, k].
      weight = w["embedder.projection_layer.weight"].transpose(1, 2).flatten(1)
      x = torch.linear(x, weight, w["embedder.projection_layer.bias"])
    return x

  # What each of the N * m vectors may see: its own block and those before it, but no padding block;
  # none where that is plain causal. block_mask [B, N]
  def visible(self, block_mask) -> Optional[Tensor]:
    mask: Optional[Tensor] = None
    if self.embedding_tokens > 1 or not bool(torch.all(block_mask)):
      keys = torch.repeat_interleave(block_mask, self.embedding_tokens, 1)
      mask = __torch__.neox.grouped(keys, keys.size(1), self.embedding_tokens)
    return mask

  # Contexts after each block. vectors [B, N * m, D], block_mask [B, N] -> [B, N * m, D]
  def contexts(self, w: Dict[str, Tensor], vectors, block_mask) -> Tensor:
    return __torch__.neox.decoder(vectors, w, "block_decoder.gpt_neox", self.block_stack(False, 0), self.visible(block_mask))

  # What the token decoder sees of a block's contexts. context [n, m, D] -> [n, R, E]
  def expand(self, w: Dict[str, Tensor], context) -> Tensor:
    if not self.expands:
      return torch.repeat_interleave(context, self.ratio, 1)
    weight = w["token_decoder.expansion_layer.weight"].squeeze(-1)
    expanded = torch.linear(context, weight, w["token_decoder.expansion_layer.bias"])
    return expanded.reshape([context.size(0), self.ratio * context.size(1), -1])

  # Rows that predict the L tokens of each block, the block's own earlier tokens given.
  # train turns dropout on, a function of seed. context [n, m, D], ids [n, L], mask [n, L] -> [n, L, E]
  def token_rows(self, w: Dict[str, Tensor], context, ids, mask, train: bool, seed: int) -> Tensor:
    seen = self.expand(w, context)
    ones = torch.ones_like(mask[:, :1])
    if self.strategy == "cross_attention":
      start = torch.ones_like(ids[:, :1])
      tokens = torch.embedding(w["token_decoder.shared.weight"], torch.cat([start, ids[:, :-1]], 1))
      keys = torch.cat([ones, mask[:, :-1]], 1)
      caches: List[Tensor] = []
      if train:
        torch.manual_seed(seed)
      x = __torch__.t5.decoder(tokens, w, "token_decoder.decoder", self.t5_stack(train), seen, keys, caches, 0)
      return x * float(x.size(2)) ** -0.5
    table = w["token_decoder.gpt_neox.embed_in.weight"]
    if self.strategy == "prefix":
      x = torch.cat([seen, torch.embedding(table, ids[:, :-1])], 1)
      keys = torch.cat([ones.expand([-1, seen.size(1)]), mask[:, :-1]], 1)
    else:
      x = seen + torch.embedding(table, torch.cat([torch.zeros_like(ids[:, :1]), ids[:, :-1]], 1))
      keys = torch.cat([ones, mask[:, :-1]], 1)
    visible: Optional[Tensor] = None
    if not bool(torch.all(keys)):
      visible = __torch__.neox.grouped(keys, x.size(1), 1)
    stack = self.token_stack(train, seed)
    x = __torch__.neox.decoder(__torch__.neox.enter(x, stack), w, "token_decoder.gpt_neox", stack, visible)
    return x[:, x.size(1) - ids.size(1):]

  # The output matrix. [V, E]
  def matrix(self, w: Dict[str, Tensor]) -> Tensor:
    if self.strategy == "cross_attention":
      return w["token_decoder.shared.weight"]
    return w["token_decoder.embed_out.weight"]

  # Sum of cross-entropy at each of the L positions, and the gradient of rows. The token decoder runs
  # forward and backward for a chunk of blocks at a time; its gradients, times scale, are added to those
  # given by name. rows [n, m, D], ids [n, L], mask [n, L] -> ([n, m, D], [L])
  def decode_losses(self, w: Dict[str, Tensor], gradients: Dict[str, Tensor], rows, ids, mask, scale: float, seed: int) -> Tuple[Tensor, Tensor]:
    seeds = torch.zeros_like(rows)
    sums = torch.zeros_like(__torch__.neox.widen(rows[0, 0, :1])).expand([ids.size(1)]).clone()
    all_real = bool(torch.all(mask))
    for start in range(0, rows.size(0), self.chunk):
      end = min(start + self.chunk, rows.size(0))
      part = rows[start:end].detach().requires_grad_(True)
      x = self.token_rows(w, part, ids[start:end], mask[start:end], True, seed + start)
      kept: Optional[Tensor] = None
      if not all_real:
        kept = mask[start:end].reshape([-1])
      losses, back = __torch__.neox.cross_entropy(
          x.detach().reshape([-1, x.size(2)]), self.matrix(w).detach(), ids[start:end].reshape([-1]), kept,
          scale, self.matrix(gradients), self.rows)
      seeds[start:end] = __torch__.neox.backward(x, back.view_as(x), w, "token_decoder.", gradients, part)
      sums = sums + torch.sum(losses.view([-1, ids.size(1)]), [0])
    return seeds, sums

  # Distance of contexts from the embeddings of the blocks that follow, which are not trained by it;
  # padding blocks count as zero vectors in the mean square, and not at all in the contrast.
  # context, target [B, (N - 1) * m, D], mask [B, N - 1] -> []
  def block_distance(self, context, target, mask) -> Tensor:
    kept = torch.repeat_interleave(mask, self.embedding_tokens, 1)
    context = __torch__.neox.widen(context)
    target = __torch__.neox.widen(target)
    if self.block_loss == "mse":
      error = torch.masked_fill(context - target, torch.logical_not(kept).unsqueeze(-1), 0.0)
      return torch.mean(error * error)
    index = torch.nonzero(kept.flatten()).squeeze(-1)
    context = torch.index_select(context.flatten(0, 1), 0, index)
    target = torch.index_select(target.flatten(0, 1), 0, index)
    context = context / torch.linalg_vector_norm(context, 2, [-1], True)
    target = target / torch.linalg_vector_norm(target, 2, [-1], True)
    similarity = torch.log_softmax(torch.matmul(context, target.t()) / 0.07, -1)
    return torch.neg(torch.mean(torch.diagonal(similarity)))

  # The sum of losses, then each of them with its share: tokens, blocks, own tokens; then the mean of the
  # first at each of the L positions (NaN where there is no real token). Gradients, times weight, are
  # added to those given. The mean is over the real tokens of all blocks but the first; blocks of
  # nothing but padding are skipped. The graph is cut at the embedder's vectors and at the contexts:
  # gradients are collected there and go back through block decoder and embedder at once. Dropout is a
  # function of seed. ids, mask [B, T] -> [4 + L]
  def loss_and_gradients(self, weights: Dict[str, Tensor], gradients: Dict[str, Tensor], ids, mask, weight, seed) -> Tensor:
    torch.set_grad_enabled(True)
    w = __torch__.neox.leaves(weights, "", self.compute)
    m = self.embedding_tokens
    blocks = ids.view([ids.size(0), -1, self.block_length])
    real = mask.view([ids.size(0), -1, self.block_length])
    block_mask = torch.any(real, -1)
    scale = float(weight.item())
    random = int(seed.item())

    # The last block's context predicts nothing, and no earlier one sees it; its own vectors count only
    # in the further losses.
    whole = self.auto_loss or self.block_loss != "none"
    count = blocks.size(1) if whole else blocks.size(1) - 1
    torch.manual_seed(random)
    torch.set_grad_enabled(not self.recompute)
    embedded = self.embed(w, blocks[:, :count], real[:, :count], True)
    torch.set_grad_enabled(True)
    vectors = embedded.detach()
    before = vectors[:, :(blocks.size(1) - 1) * m].contiguous().requires_grad_(True)
    visible = self.visible(block_mask[:, :-1])
    # The same numbers as the embedder's and the token decoder's would be of no use.
    stack = self.block_stack(True, random + 500009)
    x = __torch__.neox.enter(before, stack)
    kept: List[Tensor] = []
    if self.recompute:
      kept = __torch__.neox.decoder_inputs(x.detach(), w, "block_decoder.gpt_neox", stack, visible)
      context = kept[self.block_layers + 1]
    else:
      context = __torch__.neox.decoder(x, w, "block_decoder.gpt_neox", stack, visible)

    flat = context.detach().reshape([-1, m, context.size(2)])
    keep = torch.nonzero(block_mask[:, 1:].reshape([-1])).squeeze(-1)
    targets = torch.index_select(blocks[:, 1:].reshape([-1, self.block_length]), 0, keep)
    target_mask = torch.index_select(real[:, 1:].reshape([-1, self.block_length]), 0, keep)
    counts = torch.sum(target_mask, [0])
    total = int(torch.sum(counts).item())
    context_seeds = torch.zeros_like(flat)
    vector_seeds = torch.zeros_like(vectors)
    token_loss = torch.zeros_like(__torch__.neox.widen(flat[0, 0, 0]))
    block_loss = torch.zeros_like(token_loss)
    auto_loss = torch.zeros_like(token_loss)
    by_position = torch.full_like(token_loss, float("nan")).expand([self.block_length])

    # A batch of nothing but padding predicts nothing: its losses are zero.
    if self.token_loss and total > 0:
      rows = torch.index_select(flat, 0, keep)
      seeds, sums = self.decode_losses(w, gradients, rows, targets, target_mask, scale / total, random + 1)
      context_seeds.index_add_(0, keep, seeds)
      token_loss = torch.sum(sums) / total
      by_position = sums / counts
    if self.block_loss != "none" and total > 0:
      part = context.detach().requires_grad_(True)
      loss = self.block_distance(part, vectors[:, m:], block_mask[:, 1:]) * self.block_weight
      found = torch.grad([loss * scale], [part])
      context_seeds.add_(torch._unwrap_optional(found[0]).view_as(flat))
      block_loss = loss.detach()
    if self.auto_loss and total > 0:
      own = vectors[:, m:].reshape([-1, m, vectors.size(2)])
      rows = torch.index_select(own, 0, keep)
      seeds, sums = self.decode_losses(w, gradients, rows, targets, target_mask, scale * self.auto_weight / total, random + 2)
      back = torch.zeros_like(own).index_add_(0, keep, seeds)
      vector_seeds[:, m:] = back.view([vectors.size(0), -1, vectors.size(2)])
      auto_loss = torch.sum(sums) / total * self.auto_weight

    seeds = context_seeds.view_as(context)
    if self.recompute:
      back = __torch__.neox.decoder_backward(kept, seeds, w, "block_decoder.gpt_neox", stack, visible, gradients)
      back = __torch__.neox.through(x, back, before)
      torch.manual_seed(random)
      embedded = self.embed(w, blocks[:, :count], real[:, :count], True)
    else:
      back = __torch__.neox.backward(context, seeds, w, "block_decoder.", gradients, before)
    vector_seeds[:, :back.size(1)].add_(back)
    __torch__.neox.backward(embedded, vector_seeds, w, "embedder.", gradients, embedded)
    torch.set_grad_enabled(False)
    sum = token_loss + block_loss + auto_loss
    return torch.cat([torch.stack([sum, token_loss, block_loss, auto_loss]), by_position], 0)

  # Work copies of the weights for the calls below.
  def prepare(self, weights: Dict[str, Tensor]) -> Dict[str, Tensor]:
    return __torch__.neox.cast(weights, self.compute)

  # Contexts of all blocks but the last, with the ids and mask of the blocks they predict.
  # ids, mask [B, T] -> ([B * (N - 1), m, D], [B * (N - 1), L], [B * (N - 1), L])
  def predicted(self, w: Dict[str, Tensor], ids, mask) -> Tuple[Tensor, Tensor, Tensor]:
    blocks = ids.view([ids.size(0), -1, self.block_length])
    real = mask.view([ids.size(0), -1, self.block_length])
    vectors = self.embed(w, blocks[:, :-1], real[:, :-1], False)
    context = self.contexts(w, vectors, torch.any(real, -1)[:, :-1])
    rows = context.reshape([-1, self.embedding_tokens, context.size(2)])
    return rows, blocks[:, 1:].reshape([-1, self.block_length]), real[:, 1:].reshape([-1, self.block_length])

  # For each token of all blocks but the first its log-probability, given all earlier blocks and the
  # earlier tokens of its own, and whether it is the arg-max; NaN in the first block.
  # ids, mask [B, T] -> [B, T, 2]
  def score(self, w: Dict[str, Tensor], ids, mask) -> Tensor:
    rows, targets, target_mask = self.predicted(w, ids, mask)
    parts: List[Tensor] = []
    for start in range(0, rows.size(0), self.chunk):
      end = min(start + self.chunk, rows.size(0))
      x = self.token_rows(w, rows[start:end], targets[start:end], target_mask[start:end], False, 0)
      parts.append(__torch__.neox.score_rows(x.flatten(0, 1), self.matrix(w), targets[start:end].reshape([-1])))
    scored = torch.cat(parts, 0).view([ids.size(0), -1, 2])
    nothing = torch.full_like(scored[:, :1], float("nan")).expand([-1, self.block_length, -1])
    return torch.cat([nothing, scored], 1)

  # The same for the tokens of some of the predicted blocks alone: places counts through [B, N - 1],
  # the blocks but the first of each sequence. ids, mask [B, T], places [P] -> [P * L, 2]
  def score_at(self, w: Dict[str, Tensor], ids, mask, places) -> Tensor:
    all_rows, all_targets, all_masks = self.predicted(w, ids, mask)
    rows = torch.index_select(all_rows, 0, places)
    targets = torch.index_select(all_targets, 0, places)
    target_mask = torch.index_select(all_masks, 0, places)
    parts: List[Tensor] = []
    for start in range(0, rows.size(0), self.chunk):
      end = min(start + self.chunk, rows.size(0))
      x = self.token_rows(w, rows[start:end], targets[start:end], target_mask[start:end], False, 0)
      parts.append(__torch__.neox.score_rows(x.flatten(0, 1), self.matrix(w), targets[start:end].reshape([-1])))
    return torch.cat(parts, 0)

  # Logits of all blocks but the first, zero where the target is padding. ids, mask [B, T] ->
  # [B, N - 1, L, V]
  def logits(self, w: Dict[str, Tensor], ids, mask) -> Tensor:
    rows, targets, target_mask = self.predicted(w, ids, mask)
    logits = __torch__.neox.widen(torch.linear(self.token_rows(w, rows, targets, target_mask, False, 0), self.matrix(w)))
    logits = torch.masked_fill(logits, torch.logical_not(target_mask).unsqueeze(-1), 0.0)
    return logits.view([ids.size(0), -1, self.block_length, logits.size(-1)])

  # Vectors of all blocks, [B, N * m, D], and the contexts after them. ids, mask [B, T]
  def inside(self, w: Dict[str, Tensor], ids, mask) -> Tensor:
    real = mask.view([ids.size(0), -1, self.block_length])
    vectors = self.embed(w, ids.view_as(real), real, False)
    return torch.stack([vectors, self.contexts(w, vectors, torch.any(real, -1))])

  # The prepared weights as the methods below like them.
  def for_decoding(self, w: Dict[str, Tensor]) -> Dict[str, Tensor]:
    return __torch__.decoding.weights(w)

  # Caches of the block decoder for capacity blocks: keys and values of each layer, [B, h, m * capacity, d];
  # ones that grow for 0.
  def caches(self, w: Dict[str, Tensor], batch: int, capacity: int) -> List[Tensor]:
    norm = w["block_decoder.gpt_neox.final_layer_norm.weight"]
    return __torch__.decoding.caches(norm, batch, norm.size(0), self.block_stack(False, 0), capacity * self.embedding_tokens)

  # The caches of the sequences in rows [n].
  def keep(self, caches: List[Tensor], rows) -> List[Tensor]:
    return __torch__.decoding.keep(caches, rows)

  # Reads whole blocks, the first of them block number first, and returns the contexts after the last.
  # pads [B] places on the left of all are padding; padded is 0 where there is none. ids [B, N * L] ->
  # [B, m, D]
  def read(self, w: Dict[str, Tensor], caches: List[Tensor], ids, pads, padded: int, first: int) -> Tensor:
    m = self.embedding_tokens
    blocks = ids.view([ids.size(0), -1, self.block_length])
    real = torch.ones_like(blocks, dtype=11)
    block_mask = real[:, :, 0]
    if padded == 1:
      seen = __torch__.decoding.seen(pads, (first + blocks.size(1)) * self.block_length)
      seen = seen.view([ids.size(0), -1, self.block_length])
      block_mask = torch.any(seen, -1)
      real = seen[:, first:]
    vectors = self.embed(w, blocks, real, False)
    position = __torch__.neox.positions(vectors, first * m, vectors.size(1))
    mask: Optional[Tensor] = None
    # The vectors of a single block see everything before them and each other.
    alone = vectors.size(1) == m
    if padded == 1 or (m > 1 and not alone):
      keys = torch.repeat_interleave(block_mask, m, 1)
      mask = __torch__.neox.grouped(keys, vectors.size(1), m)
    stack = self.block_stack(False, 0)
    cos, sin = __torch__.decoding.rotary(vectors, position, stack)
    x = __torch__.decoding.decoder(
        vectors, w, "block_decoder.gpt_neox", stack, caches, first * m, cos, sin, mask, not alone)
    return x[:, -m:]

  # Reads blocks and returns the next count tokens, at most a block, of each sequence. -> [B, count]
  def next_block(self, w: Dict[str, Tensor], caches: List[Tensor], ids, pads, padded: int, first: int, count: int, positions: int, recipe, draws) -> Tensor:
    blocks = first + ids.size(1) // self.block_length
    grows = __torch__.decoding.growing(caches, blocks * self.embedding_tokens)
    context = self.read(w, caches, ids, pads, padded, first)
    return self.decode_tokens(w, context, count, positions, recipe, draws, False, grows)[0]

  # Tokens of one block, one after the other. The cache inside the block is dropped. positions 1 gives all
  # prefix vectors position 0 and the tokens 1, 2, .., as the original program does when it generates;
  # 0 are those of training. recipe, draws [B, count] as in choose. context [B, m, D] -> the logits that the
  # tokens are chosen from, [B, count, V]
  def decode_logits(self, w: Dict[str, Tensor], context, count: int, positions: int, recipe, draws) -> Tensor:
    return self.decode_tokens(w, context, count, positions, recipe, draws, True, False)[1]

  # Both; the logits only if they are to be kept, else nothing of use. grows: the caches of a NeoX decoder do.
  def decode_tokens(self, w: Dict[str, Tensor], context, count: int, positions: int, recipe, draws, keep: bool, grows: bool) -> Tuple[Tensor, Tensor]:
    seen = self.expand(w, context)
    stack = self.token_stack(False, 0)
    batch = seen.size(0)
    tokens: List[Tensor] = []
    scores: List[Tensor] = []
    start = torch.ones_like(context[:, 0, 0])
    if self.strategy == "cross_attention":
      table = w["token_decoder.shared.weight"]
      local = __torch__.neox.caches(seen, batch, self.token_heads * self.token_head_size, stack, count)
      x = table[1].expand([batch, 1, -1])
    else:
      table = w["token_decoder.gpt_neox.embed_in.weight"]
      capacity = 0 if grows else seen.size(1) + count
      local = __torch__.decoding.caches(seen, batch, seen.size(2), stack, capacity)
      x = seen if self.strategy == "prefix" else seen[:, :1] + table[0]
    front = x.size(1)
    place = __torch__.neox.positions(x, 0, front + count - 1)
    if positions == 1:
      place = torch.clamp(place - (front - 1), 0)
    cos, sin = __torch__.decoding.rotary(seen, place, stack)
    first = 0
    for i in range(count):
      if self.strategy == "cross_attention":
        keys = torch.gt(start, 0).unsqueeze(1).expand([-1, i + 1])
        y = __torch__.t5.decoder(x, w, "token_decoder.decoder", self.t5_stack(False), seen, keys, local, i)
        y = y * float(y.size(2)) ** -0.5
      else:
        y = __torch__.decoding.decoder(
            x, w, "token_decoder.gpt_neox", stack, local, first,
            torch.narrow(cos, 0, first, x.size(1)), torch.narrow(sin, 0, first, x.size(1)), None, x.size(1) > 1)
      first = first + x.size(1)
      logits = __torch__.neox.widen(__torch__.linear.product(y[:, -1], self.matrix(w), None))
      token = __torch__.neox.choose(logits, recipe, draws[:, i])
      tokens.append(token)
      if keep:
        scores.append(logits)
      x = torch.embedding(table, token).unsqueeze(1)
      if self.strategy == "summation" and i + 1 < count:
        x = x + seen[:, i + 1:i + 2]
    return torch.stack(tokens, 1), torch.stack(scores, 1) if keep else context
