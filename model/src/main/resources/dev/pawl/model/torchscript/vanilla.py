# Causal GPT-NeoX language model with untied embeddings (block-transformer.md 1.3).
#
# Settings: layers, heads, rotary_dims, rotary_base, eps  - the stack
#           compute  - number type of forward and backward: 6 fp32, 7 fp64, 15 bf16
#           chunk    - rows of logits that exist at a time
#
# Shapes: B sequences, T positions, D hidden size, V vocabulary rows.

class Vanilla(Module):
  training: bool
  layers: int
  heads: int
  rotary_dims: int
  rotary_base: float
  eps: float
  compute: int
  chunk: int

  def stack(self) -> __torch__.neox.Stack:
    return __torch__.neox.Stack(self.layers, self.heads, self.rotary_dims, self.rotary_base, self.eps)

  # ids [B, T] -> [B, T, D]
  def hidden(self, w: Dict[str, Tensor], ids) -> Tensor:
    x = torch.embedding(w["gpt_neox.embed_in.weight"], ids)
    return __torch__.neox.decoder(x, w, "gpt_neox", self.stack(), None)

  # Mean cross-entropy of position i against token i + 1, and its gradients, times weight, added to
  # those given by name. The logits of a chunk of rows live at a time: the
  # rows are cut off the graph, their gradients collected, and sent back through the body at once.
  # ids [B, T] -> [1]
  def loss_and_gradients(self, weights: Dict[str, Tensor], gradients: Dict[str, Tensor], ids, mask, weight) -> Tensor:
    torch.set_grad_enabled(True)
    leaf = __torch__.neox.leaves(weights)
    w = __torch__.neox.cast(leaf, self.compute)
    x = self.hidden(w, ids[:, :-1])
    rows = x.reshape([-1, x.size(2)])
    targets = ids[:, 1:].reshape([-1])
    count = targets.size(0)
    matrix = w["embed_out.weight"].detach().requires_grad_(True)
    seeds = torch.zeros_like(rows).detach()
    loss = torch.zeros_like(__torch__.neox.widen(rows.detach()[0, 0]))
    scale = float(weight.item())
    for start in range(0, count, self.chunk):
      end = min(start + self.chunk, count)
      part = rows.detach()[start:end].requires_grad_(True)
      logits = __torch__.neox.widen(torch.linear(part, matrix))
      part_loss = torch.cross_entropy_loss(logits, targets[start:end], None, 2) / count
      found = torch.grad([part_loss * scale], [part, matrix])
      seeds[start:end] = torch._unwrap_optional(found[0])
      gradients["embed_out.weight"].add_(torch._unwrap_optional(found[1]))
      loss = loss + part_loss.detach()
    names = [name for name in weights.keys()]
    body: List[Tensor] = []
    into: List[Tensor] = []
    for name in names:
      if name != "embed_out.weight":
        body.append(leaf[name])
        into.append(gradients[name])
    seed: List[Optional[Tensor]] = [seeds]
    for g, t in zip(torch.grad([rows], body, seed), into):
      t.add_(torch._unwrap_optional(g))
    torch.set_grad_enabled(False)
    return loss.reshape([1])

  # Work copies of the weights for the calls below.
  def prepare(self, weights: Dict[str, Tensor]) -> Dict[str, Tensor]:
    return __torch__.neox.cast(weights, self.compute)

  # For each token its log-probability after all before it, and whether it is the arg-max; the first
  # token is predicted by nothing: NaN. ids [B, T] -> [B, T, 2]
  def score(self, w: Dict[str, Tensor], ids, mask) -> Tensor:
    x = self.hidden(w, ids[:, :-1])
    rows = x.reshape([-1, x.size(2)])
    targets = ids[:, 1:].reshape([-1])
    parts: List[Tensor] = []
    for start in range(0, rows.size(0), self.chunk):
      end = min(start + self.chunk, rows.size(0))
      parts.append(__torch__.neox.score_rows(rows[start:end], w["embed_out.weight"], targets[start:end]))
    scored = torch.cat(parts, 0).view([ids.size(0), -1, 2])
    nothing = torch.full_like(scored[:, :1], float("nan"))
    return torch.cat([nothing, scored], 1)

  # Logits of all positions, in the widened compute type. ids [B, T] -> [B, T, V]
  def logits(self, w: Dict[str, Tensor], ids, mask) -> Tensor:
    return __torch__.neox.widen(torch.linear(self.hidden(w, ids), w["embed_out.weight"]))

  # Caches for capacity positions: keys and values of each layer, [B, h, capacity, d].
  def caches(self, w: Dict[str, Tensor], batch: int, capacity: int) -> List[Tensor]:
    table = w["gpt_neox.embed_in.weight"]
    return __torch__.neox.caches(table, batch, table.size(1), self.stack(), capacity)

  # Reads T tokens at positions first .. first + T - 1 and returns the most likely next ones.
  # ids [B, T] -> [B]
  def next(self, w: Dict[str, Tensor], caches: List[Tensor], ids, first: int) -> Tensor:
    x = torch.embedding(w["gpt_neox.embed_in.weight"], ids)
    x = __torch__.neox.decoder_cached(x, w, "gpt_neox", self.stack(), caches, first)
    return torch.argmax(__torch__.neox.widen(torch.linear(x[:, -1], w["embed_out.weight"])), -1)
