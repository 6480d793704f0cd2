# Causal GPT-NeoX language model with untied embeddings (block-transformer.md 1.3).
#
# Settings: layers, heads, rotary_dims, rotary_base, eps  - the stack
#           hidden_dropout, attention_dropout - its dropouts, in training
#           compute  - number type of forward and backward: 6 fp32, 7 fp64, 15 bf16
#           rows     - rows of logits that exist at a time
#           recompute - layers keep their input only and compute a second time on the way back
#
# Shapes: B sequences, T positions, D hidden size, V vocabulary rows.

class Vanilla(Module):
  training: bool
  layers: int
  heads: int
  rotary_dims: int
  rotary_base: float
  eps: float
  hidden_dropout: float
  attention_dropout: float
  compute: int
  rows: int
  recompute: bool

  def stack(self) -> __torch__.neox.Stack:
    return __torch__.neox.Stack(self.layers, self.heads, self.rotary_dims, self.rotary_base, self.eps, 0.0, 0.0, 0)

  # The same with dropout.
  def trained_stack(self, seed: int) -> __torch__.neox.Stack:
    return __torch__.neox.Stack(
        self.layers, self.heads, self.rotary_dims, self.rotary_base, self.eps,
        self.hidden_dropout, self.attention_dropout, seed)

  # ids [B, T] -> [B, T, D]
  def hidden(self, w: Dict[str, Tensor], ids) -> Tensor:
    x = torch.embedding(w["gpt_neox.embed_in.weight"], ids)
    return __torch__.neox.decoder(x, w, "gpt_neox", self.stack(), None)

  # Mean cross-entropy of position i against token i + 1, and its gradients, times weight, added to
  # those given by name. The graph is cut at the rows that enter the output matrix and at the token
  # vectors: the first has its gradients as it computes the loss, and the table gets those of the rows
  # that were read, in the type of its buffer. Dropout is a function of seed. ids [B, T] -> [1]
  def loss_and_gradients(self, weights: Dict[str, Tensor], gradients: Dict[str, Tensor], ids, mask, weight, seed) -> Tensor:
    torch.set_grad_enabled(True)
    table = "gpt_neox.embed_in.weight"
    w = __torch__.neox.leaves(weights, table, self.compute)
    read = ids[:, :-1]
    x = torch.to(torch.embedding(weights[table].detach(), read), self.compute).requires_grad_(True)
    stack = self.trained_stack(int(seed.item()))
    entered = __torch__.neox.enter(x, stack)
    kept: List[Tensor] = []
    if self.recompute:
      kept = __torch__.neox.decoder_inputs(entered.detach(), w, "gpt_neox", stack, None)
      y = kept[self.layers + 1]
    else:
      y = __torch__.neox.decoder(entered, w, "gpt_neox", stack, None)
    targets = ids[:, 1:].reshape([-1])
    losses, seeds = __torch__.neox.cross_entropy(
        y.detach().reshape([-1, y.size(2)]), w["embed_out.weight"].detach(), targets, None,
        float(weight.item()) / targets.size(0), gradients["embed_out.weight"], self.rows)
    back = seeds.view_as(y)
    if self.recompute:
      back = __torch__.neox.decoder_backward(kept, back, w, "gpt_neox", stack, None, gradients)
      back = __torch__.neox.through(entered, back, x)
    else:
      back = __torch__.neox.backward(y, back, w, "gpt_neox.", gradients, x)
    torch.set_grad_enabled(False)
    into = gradients[table]
    into.index_add_(0, read.reshape([-1]), back.reshape([-1, back.size(2)]).type_as(into))
    return torch.mean(losses).reshape([1])

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
    for start in range(0, rows.size(0), self.rows):
      end = min(start + self.rows, rows.size(0))
      parts.append(__torch__.neox.score_rows(rows[start:end], w["embed_out.weight"], targets[start:end]))
    scored = torch.cat(parts, 0).view([ids.size(0), -1, 2])
    nothing = torch.full_like(scored[:, :1], float("nan"))
    return torch.cat([nothing, scored], 1)

  # The same for some of the predicted tokens alone: places counts through [B, T - 1], the tokens but
  # the first of each sequence. ids [B, T], places [P] -> [P, 2]
  def score_at(self, w: Dict[str, Tensor], ids, mask, places) -> Tensor:
    x = self.hidden(w, ids[:, :-1])
    rows = torch.index_select(x.reshape([-1, x.size(2)]), 0, places)
    targets = torch.index_select(ids[:, 1:].reshape([-1]), 0, places)
    parts: List[Tensor] = []
    for start in range(0, rows.size(0), self.rows):
      end = min(start + self.rows, rows.size(0))
      parts.append(__torch__.neox.score_rows(rows[start:end], w["embed_out.weight"], targets[start:end]))
    return torch.cat(parts, 0)

  # Logits of all positions, in the widened compute type. ids [B, T] -> [B, T, V]
  def logits(self, w: Dict[str, Tensor], ids, mask) -> Tensor:
    return __torch__.neox.widen(torch.linear(self.hidden(w, ids), w["embed_out.weight"]))

  # The prepared weights as the methods below like them.
  def for_decoding(self, w: Dict[str, Tensor]) -> Dict[str, Tensor]:
    return __torch__.decoding.weights(w)

  # Caches for capacity positions: keys and values of each layer, [B, h, capacity, d]; ones that grow for 0.
  def caches(self, w: Dict[str, Tensor], batch: int, capacity: int) -> List[Tensor]:
    table = w["gpt_neox.embed_in.weight"]
    return __torch__.decoding.caches(table, batch, table.size(1), self.stack(), capacity)

  # The caches of the sequences in rows [n].
  def keep(self, caches: List[Tensor], rows) -> List[Tensor]:
    return __torch__.decoding.keep(caches, rows)

  # Reads T tokens and returns a next one for each sequence. first places were read before. pads [B] places
  # on the left are padding, which takes no position and is seen by nothing; padded is 0 where there is
  # none. recipe as in choose, draws [B, 1]. ids [B, T] -> [B]
  def next(self, w: Dict[str, Tensor], caches: List[Tensor], ids, pads, padded: int, first: int, recipe, draws) -> Tensor:
    return __torch__.neox.choose(self.next_logits(w, caches, ids, pads, padded, first), recipe, draws[:, 0])

  # What next chooses from. Growing caches stand for the original program, which computes the logits of all
  # places it reads. -> [B, V]
  def next_logits(self, w: Dict[str, Tensor], caches: List[Tensor], ids, pads, padded: int, first: int) -> Tensor:
    x = torch.embedding(w["gpt_neox.embed_in.weight"], ids)
    end = first + ids.size(1)
    all_logits = __torch__.decoding.growing(caches, end)
    position = __torch__.neox.positions(x, first, ids.size(1))
    mask: Optional[Tensor] = None
    if padded == 1:
      mask = __torch__.neox.grouped(__torch__.decoding.seen(pads, end), ids.size(1), 1)
      position = torch.clamp(position.unsqueeze(0) - pads.unsqueeze(1), 0)
    stack = self.stack()
    cos, sin = __torch__.decoding.rotary(x, position, stack)
    x = __torch__.decoding.decoder(x, w, "gpt_neox", stack, caches, first, cos, sin, mask, ids.size(1) > 1)
    if all_logits:
      return __torch__.neox.widen(__torch__.linear.product(x, w["embed_out.weight"], None)[:, -1])
    return __torch__.neox.widen(__torch__.linear.product(x[:, -1], w["embed_out.weight"], None))
