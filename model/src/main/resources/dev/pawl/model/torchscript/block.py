# Block Transformer: lookup embedder with concatenation, NeoX block decoder, prefix token decoder
# (block-transformer.md 1.4-1.8).
#
# Settings: block_length L, prefix R
#           block_*, token_*  - the stacks of the block decoder and the token decoder
#           compute  - number type of forward and backward: 6 fp32, 7 fp64, 15 bf16
#           chunk    - rows of logits that exist at a time
#
# Shapes: B sequences, N blocks, L tokens in a block, D hidden size of the block decoder, E of the
# token decoder, R prefix vectors, V vocabulary rows, n predicted blocks.

class Block(Module):
  training: bool
  block_length: int
  prefix: int
  block_layers: int
  block_heads: int
  block_rotary_dims: int
  block_rotary_base: float
  block_eps: float
  token_layers: int
  token_heads: int
  token_rotary_dims: int
  token_rotary_base: float
  token_eps: float
  compute: int
  chunk: int

  def block_stack(self) -> __torch__.neox.Stack:
    return __torch__.neox.Stack(self.block_layers, self.block_heads, self.block_rotary_dims, self.block_rotary_base, self.block_eps)

  def token_stack(self) -> __torch__.neox.Stack:
    return __torch__.neox.Stack(self.token_layers, self.token_heads, self.token_rotary_dims, self.token_rotary_base, self.token_eps)

  # The embeddings of a block's tokens, side by side; padding counts as id 0. ids [B, N, L] -> [B, N, D]
  def embed(self, w: Dict[str, Tensor], ids) -> Tensor:
    return torch.embedding(w["embedder.embeddings.weight"], ids).flatten(2)

  # Context after each block. vectors [B, N, D], block_mask [B, N] -> [B, N, D]
  def contexts(self, w: Dict[str, Tensor], vectors, block_mask) -> Tensor:
    mask: Optional[Tensor] = None
    if not bool(torch.all(block_mask)):
      length = vectors.size(1)
      causal = torch.tril(torch.ones_like(block_mask[0]).unsqueeze(0).expand([length, length]))
      mask = torch.logical_and(causal, block_mask.unsqueeze(1)).unsqueeze(1)
    return __torch__.neox.decoder(vectors, w, "block_decoder.gpt_neox", self.block_stack(), mask)

  # R prefix vectors out of a context. [n, D] -> [n, R, E]
  def expand(self, w: Dict[str, Tensor], context) -> Tensor:
    weight = w["token_decoder.expansion_layer.weight"].squeeze(-1)
    expanded = torch.linear(context, weight, w["token_decoder.expansion_layer.bias"])
    return expanded.view([context.size(0), self.prefix, -1])

  # Rows that predict the L tokens of each block, the block's own earlier tokens given.
  # context [n, D], ids [n, L], mask [n, L] -> [n, L, E]
  def token_rows(self, w: Dict[str, Tensor], context, ids, mask) -> Tensor:
    tokens = torch.embedding(w["token_decoder.gpt_neox.embed_in.weight"], ids[:, :-1])
    x = torch.cat([self.expand(w, context), tokens], 1)
    seen: Optional[Tensor] = None
    if not bool(torch.all(mask[:, :-1])):
      prefix = torch.ones_like(mask[:, :1]).expand([-1, self.prefix])
      keys = torch.cat([prefix, mask[:, :-1]], 1)
      length = x.size(1)
      causal = torch.tril(torch.ones_like(keys[0]).unsqueeze(0).expand([length, length]))
      seen = torch.logical_and(causal, keys.unsqueeze(1)).unsqueeze(1)
    x = __torch__.neox.decoder(x, w, "token_decoder.gpt_neox", self.token_stack(), seen)
    return x[:, self.prefix - 1:]

  # Mean cross-entropy over the real tokens of all blocks but the first, then the mean at each of the
  # L positions (NaN where there is no real token); gradients, times weight, are added to those
  # given. Contexts are cut off the graph and the token decoder runs
  # forward and backward for a chunk of blocks at a time; the collected context gradients then go
  # back through block decoder and embedder at once. Blocks of nothing but padding are skipped.
  # ids, mask [B, T] -> [1 + L]
  def loss_and_gradients(self, weights: Dict[str, Tensor], gradients: Dict[str, Tensor], ids, mask, weight) -> Tensor:
    torch.set_grad_enabled(True)
    leaf = __torch__.neox.leaves(weights)
    w = __torch__.neox.cast(leaf, self.compute)
    length = self.block_length
    blocks = ids.view([ids.size(0), -1, length])
    real = mask.view([ids.size(0), -1, length])
    block_mask = torch.any(real, -1)
    # The last block's context predicts nothing, and no earlier one sees it.
    context = self.contexts(w, self.embed(w, blocks[:, :-1]), block_mask[:, :-1])
    keep = torch.nonzero(block_mask[:, 1:].reshape([-1])).squeeze(-1)
    rows = torch.index_select(context.reshape([-1, context.size(2)]), 0, keep)
    targets = torch.index_select(blocks[:, 1:].reshape([-1, length]), 0, keep)
    target_mask = torch.index_select(real[:, 1:].reshape([-1, length]), 0, keep)
    labels = torch.masked_fill(targets, torch.logical_not(target_mask), -100)
    counts = torch.sum(target_mask, [0])
    count = torch.sum(counts)
    scale = float(weight.item())

    token_weights: Dict[str, Tensor] = {}
    token_leaves: List[Tensor] = []
    token_totals: List[Tensor] = []
    body: List[Tensor] = []
    body_totals: List[Tensor] = []
    for name in weights.keys():
      if name.startswith("token_decoder."):
        token_weights[name] = w[name].detach().requires_grad_(True)
        token_leaves.append(token_weights[name])
        token_totals.append(gradients[name])
      else:
        body.append(leaf[name])
        body_totals.append(gradients[name])

    seeds = torch.zeros_like(rows).detach()
    sums = torch.zeros_like(__torch__.neox.widen(rows.detach()[0, :1])).expand([length]).clone()
    step = max(1, self.chunk // length)
    for start in range(0, rows.size(0), step):
      end = min(start + step, rows.size(0))
      part = rows.detach()[start:end].requires_grad_(True)
      x = self.token_rows(token_weights, part, targets[start:end], target_mask[start:end])
      logits = __torch__.neox.widen(torch.linear(x, token_weights["token_decoder.embed_out.weight"]))
      losses = torch.cross_entropy_loss(logits.flatten(0, 1), labels[start:end].reshape([-1]), None, 0)
      found = torch.grad([torch.sum(losses) / count * scale], [part] + token_leaves)
      seeds[start:end] = torch._unwrap_optional(found[0])
      for i in range(len(token_totals)):
        token_totals[i].add_(torch._unwrap_optional(found[i + 1]))
      sums = sums + torch.sum(losses.detach().view([-1, length]), [0])
    seed: List[Optional[Tensor]] = [seeds]
    for g, t in zip(torch.grad([rows], body, seed), body_totals):
      t.add_(torch._unwrap_optional(g))
    torch.set_grad_enabled(False)
    return torch.cat([(torch.sum(sums) / count).reshape([1]), sums / counts], 0)

  # Work copies of the weights for the calls below.
  def prepare(self, weights: Dict[str, Tensor]) -> Dict[str, Tensor]:
    return __torch__.neox.cast(weights, self.compute)

  # For each token of all blocks but the first its log-probability, given all earlier blocks and the
  # earlier tokens of its own, and whether it is the arg-max; NaN in the first block.
  # ids, mask [B, T] -> [B, T, 2]
  def score(self, w: Dict[str, Tensor], ids, mask) -> Tensor:
    length = self.block_length
    blocks = ids.view([ids.size(0), -1, length])
    real = mask.view([ids.size(0), -1, length])
    context = self.contexts(w, self.embed(w, blocks[:, :-1]), torch.any(real, -1)[:, :-1])
    rows = context.reshape([-1, context.size(2)])
    targets = blocks[:, 1:].reshape([-1, length])
    target_mask = real[:, 1:].reshape([-1, length])
    parts: List[Tensor] = []
    step = max(1, self.chunk // length)
    for start in range(0, rows.size(0), step):
      end = min(start + step, rows.size(0))
      x = self.token_rows(w, rows[start:end], targets[start:end], target_mask[start:end])
      parts.append(__torch__.neox.score_rows(
          x.flatten(0, 1), w["token_decoder.embed_out.weight"], targets[start:end].reshape([-1])))
    scored = torch.cat(parts, 0).view([ids.size(0), -1, 2])
    nothing = torch.full_like(scored[:, :1], float("nan")).expand([-1, length, -1])
    return torch.cat([nothing, scored], 1)

  # Logits of all blocks but the first, zero where the target is padding. ids, mask [B, T] ->
  # [B, N - 1, L, V]
  def logits(self, w: Dict[str, Tensor], ids, mask) -> Tensor:
    length = self.block_length
    blocks = ids.view([ids.size(0), -1, length])
    real = mask.view([ids.size(0), -1, length])
    context = self.contexts(w, self.embed(w, blocks[:, :-1]), torch.any(real, -1)[:, :-1])
    target_mask = real[:, 1:].reshape([-1, length])
    x = self.token_rows(w, context.flatten(0, 1), blocks[:, 1:].reshape([-1, length]), target_mask)
    logits = __torch__.neox.widen(torch.linear(x, w["token_decoder.embed_out.weight"]))
    logits = torch.masked_fill(logits, torch.logical_not(target_mask).unsqueeze(-1), 0.0)
    return logits.view([ids.size(0), -1, length, logits.size(-1)])

  # Caches of the block decoder for capacity blocks: keys and values of each layer, [B, h, capacity, d].
  def caches(self, w: Dict[str, Tensor], batch: int, capacity: int) -> List[Tensor]:
    width = w["block_decoder.gpt_neox.final_layer_norm.weight"].size(0)
    return __torch__.neox.caches(w["embedder.embeddings.weight"], batch, width, self.block_stack(), capacity)

  # Reads whole blocks, the first of them block number first, and returns the context after the last.
  # ids [B, N * L] -> [B, D]
  def read(self, w: Dict[str, Tensor], caches: List[Tensor], ids, first: int) -> Tensor:
    vectors = self.embed(w, ids.view([ids.size(0), -1, self.block_length]))
    x = __torch__.neox.decoder_cached(vectors, w, "block_decoder.gpt_neox", self.block_stack(), caches, first)
    return x[:, -1]

  # Greedy tokens of one block, the most likely first. The cache inside the block is dropped.
  # context [B, D] -> [B, count]
  def decode_block(self, w: Dict[str, Tensor], context, count: int) -> Tensor:
    x = self.expand(w, context)
    local = __torch__.neox.caches(x, x.size(0), x.size(2), self.token_stack(), self.prefix + self.block_length - 1)
    tokens: List[Tensor] = []
    first = 0
    for i in range(count):
      y = __torch__.neox.decoder_cached(x, w, "token_decoder.gpt_neox", self.token_stack(), local, first)
      first = first + x.size(1)
      token = torch.argmax(__torch__.neox.widen(torch.linear(y[:, -1], w["token_decoder.embed_out.weight"])), -1)
      tokens.append(token)
      x = torch.embedding(w["token_decoder.gpt_neox.embed_in.weight"], token).unsqueeze(1)
    return torch.stack(tokens, 1)
