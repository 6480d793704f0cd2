# The GPT-NeoX layer as configured by Pythia, shared by every architecture (block-transformer.md 1.1,
# 1.2), and what all programs need around it.
#
# Shapes: B sequences, T positions, D hidden size, h heads, d = D / h, r rotated dimensions of a head,
# V vocabulary rows. Number types: 6 is fp32, 7 fp64, 15 bf16.
#
# TorchScript drops in-place list operations on lists that it built itself; only single tensors are
# written in place here.


def linear(x, w: Dict[str, Tensor], name: str) -> Tensor:
  return __torch__.linear.product(x, w[name + ".weight"], w[name + ".bias"])


def norm(x, w: Dict[str, Tensor], name: str, eps: float) -> Tensor:
  return torch.layer_norm(x, [x.size(-1)], w[name + ".weight"], w[name + ".bias"], eps)


# Angles of the given positions, [T] or one row a sequence [B, T], for both halves of the rotated
# dimensions: (cos, cos) and (-sin, sin), each with r numbers a position. Computed in fp32 (fp64 in an
# fp64 program) whatever the compute type is.
def rotary(x, position, dims: int, base: float) -> Tuple[Tensor, Tensor]:
  wide = torch.to(x, 7) if x.element_size() == 8 else torch.to(x, 6)
  exponent = torch.arange(0, dims, 2, device=x.device).type_as(wide) / dims
  frequency = torch.pow(base, torch.neg(exponent))
  angle = position.type_as(wide).unsqueeze(-1) * frequency
  cos = torch.cos(angle)
  sin = torch.sin(angle)
  return torch.cat([cos, cos], -1), torch.cat([torch.neg(sin), sin], -1)


# Positions first .. first + length - 1.
def positions(x, first: int, length: int) -> Tensor:
  return torch.arange(first, first + length, device=x.device)


# Rotates the first r dimensions of each head, half-split form, in fp32 at least; the result has the type
# of x, and is contiguous. Both halves at a time: rows of r / 2 numbers are too short for a vector unit.
# Parts are split off and put together again, never sliced: the gradient of a slice is as large as the
# whole. x [B, h, .., T, d] -> [B, h, .., T, d]
def rotate(x, cos, sin) -> Tensor:
  dims = cos.size(-1)
  turning, rest = torch.split(x, [dims, x.size(-1) - dims], -1)
  wide = __torch__.neox.widen(turning)
  left, right = torch.split(wide, [dims // 2, dims // 2], -1)
  turned = wide * cos + torch.cat([right, left], -1) * sin
  return torch.cat([turned.type_as(x), rest], -1)


# Fused projection, per head [query | key | value], queries and keys rotated; all in the type of to. The
# heads come before the positions as early as here, so that what attention reads lies close together.
# x [B, T, D] -> three of [B, h, T, d]
def query_key_value(x, w: Dict[str, Tensor], name: str, heads: int, cos, sin, to) -> Tuple[Tensor, Tensor, Tensor]:
  fused = __torch__.neox.linear(x, w, name + ".attention.query_key_value").type_as(to)
  fused = fused.view([x.size(0), x.size(1), heads, 3, x.size(2) // heads]).permute([0, 2, 3, 1, 4])
  turned, value = torch.split(fused, [2, 1], 2)
  query, key = torch.unbind(__torch__.neox.rotate(turned, cos, sin), 2)
  return query, key, value.squeeze(2)


# The mask of attend from queries in the last T of S groups-of-size positions to all S: each group sees
# itself and the groups before it, but no key whose bit is off. keys [B, S] -> [B, 1, T, S]
def grouped(keys, length: int, group: int) -> Tensor:
  number = torch.arange(keys.size(1), device=keys.device) // group
  before = torch.le(number.unsqueeze(0), number[keys.size(1) - length:].unsqueeze(1))
  return torch.logical_and(before, keys.unsqueeze(1)).unsqueeze(1)


# mask [B, 1, T, S], true where a query sees a key; none means plain causal, or everything. A query that
# sees no key gets zero, never an average over what it must not see. dropout is that of the
# probabilities; with it they are held as a whole, [B, h, T, S].
def attend(query, key, value, mask: Optional[Tensor], causal: bool, dropout: float) -> Tensor:
  if mask is None:
    return torch.scaled_dot_product_attention(query, key, value, None, dropout, causal)
  seen = torch._unwrap_optional(mask)
  found = torch.any(seen, -1, True)
  # A blind row looks at everything inside the kernel, so that no NaN arises, and is erased after it.
  safe = torch.logical_or(seen, torch.logical_not(found))
  attended = torch.scaled_dot_product_attention(query, key, value, safe, dropout, False)
  return torch.masked_fill(attended, torch.logical_not(found), 0.0)


# Causal attention of short sequences in bf16: libtorch's fused kernel for bf16 is slower on a CPU than that
# for fp32, and for few positions both are slower than the products themselves.
# query, key, value [B, h, T, d] -> [B, h, T, d]
def attend_short(query, key, value, dropout: float) -> Tensor:
  length = query.size(2)
  future = torch.triu(torch.full([length, length], float("-inf"), dtype=15, device=query.device), 1)
  scores = torch.add(future, torch.matmul(query, key.transpose(2, 3)), alpha=float(query.size(3)) ** -0.5)
  return torch.matmul(torch.dropout(torch.softmax(scores, -1), dropout, True), value)


def mlp(x, w: Dict[str, Tensor], name: str) -> Tensor:
  up = name + ".mlp.dense_h_to_4h"
  wide = __torch__.linear.gelu_product(x, w[up + ".weight"], w[up + ".bias"])
  return __torch__.neox.linear(wide, w, name + ".mlp.dense_4h_to_h")


# Starts the random numbers of one place of a stack: 0 is what enters it, i + 1 its layer i. So a layer
# that is computed a second time drops the same values. Only the low 32 bits of a seed count on a CPU:
# the places are kept apart there.
def reseed(s: __torch__.neox.Stack, place: int) -> int:
  seed = s.seed + place * 1000003
  if s.hidden_dropout > 0.0 or s.attention_dropout > 0.0:
    torch.manual_seed(seed)
  return seed


# Dropout of the vectors that enter a stack.
def enter(x, s: __torch__.neox.Stack) -> Tensor:
  __torch__.neox.reseed(s, 0)
  return torch.dropout(x, s.hidden_dropout, True)


# Layer i, parallel residual: x + drop(attention(norm1(x))) + drop(mlp(norm2(x))).
# x [B, T, D] -> [B, T, D]
def layer(x, w: Dict[str, Tensor], root: str, i: int, s: __torch__.neox.Stack, cos, sin, mask: Optional[Tensor]) -> Tensor:
  name = root + ".layers.{}".format(i)
  __torch__.neox.reseed(s, i + 1)
  short = x.element_size() == 2 and mask is None and x.size(1) <= 128
  query, key, value = __torch__.neox.query_key_value(
      __torch__.neox.norm(x, w, name + ".input_layernorm", s.eps), w, name, s.heads, cos, sin, x if short else cos)
  if short:
    attended = __torch__.neox.attend_short(query, key, value, s.attention_dropout)
  else:
    attended = __torch__.neox.attend(query, key, value, mask, True, s.attention_dropout)
  attended = attended.transpose(1, 2).reshape([x.size(0), x.size(1), x.size(2)]).type_as(x)
  attended = torch.dropout(__torch__.neox.linear(attended, w, name + ".attention.dense"), s.hidden_dropout, True)
  normed = __torch__.neox.norm(x, w, name + ".post_attention_layernorm", s.eps)
  return x + attended + torch.dropout(__torch__.neox.mlp(normed, w, name), s.hidden_dropout, True)


# All layers and the final norm, behind enter. root is "gpt_neox" or "token_decoder.gpt_neox".
def decoder(x, w: Dict[str, Tensor], root: str, s: __torch__.neox.Stack, mask: Optional[Tensor]) -> Tensor:
  cos, sin = __torch__.neox.rotary(x, __torch__.neox.positions(x, 0, x.size(1)), s.rotary_dims, s.rotary_base)
  for i in range(s.layers):
    x = __torch__.neox.layer(x, w, root, i, s, cos, sin, mask)
  return __torch__.neox.norm(x, w, root + ".final_layer_norm", s.eps)


# The same without graph; keeps what entered each layer and the final norm, and the result: enough to
# go back with decoder_backward, which computes each layer a second time.
def decoder_inputs(x, w: Dict[str, Tensor], root: str, s: __torch__.neox.Stack, mask: Optional[Tensor]) -> List[Tensor]:
  torch.set_grad_enabled(False)
  cos, sin = __torch__.neox.rotary(x, __torch__.neox.positions(x, 0, x.size(1)), s.rotary_dims, s.rotary_base)
  kept: List[Tensor] = [x]
  for i in range(s.layers):
    x = __torch__.neox.layer(x, w, root, i, s, cos, sin, mask)
    kept.append(x)
  kept.append(__torch__.neox.norm(x, w, root + ".final_layer_norm", s.eps))
  torch.set_grad_enabled(True)
  return kept


# Sends the gradient of the result back; adds those of the parameters and returns that of the input.
def decoder_backward(kept: List[Tensor], seed, w: Dict[str, Tensor], root: str, s: __torch__.neox.Stack, mask: Optional[Tensor], gradients: Dict[str, Tensor]) -> Tensor:
  cos, sin = __torch__.neox.rotary(kept[0], __torch__.neox.positions(kept[0], 0, kept[0].size(1)), s.rotary_dims, s.rotary_base)
  x = kept[s.layers].detach().requires_grad_(True)
  y = __torch__.neox.norm(x, w, root + ".final_layer_norm", s.eps)
  seed = __torch__.neox.backward(y, seed, w, root + ".final_layer_norm.", gradients, x)
  for back in range(s.layers):
    i = s.layers - 1 - back
    x = kept[i].detach().requires_grad_(True)
    y = __torch__.neox.layer(x, w, root, i, s, cos, sin, mask)
    seed = __torch__.neox.backward(y, seed, w, root + ".layers.{}.".format(i), gradients, x)
  return seed


# Sends the gradient of y back: adds those of all weights whose names start with prefix to their
# buffers and returns that of x. The output matrix lies behind no y: cross_entropy has its gradient.
def backward(y, seed, w: Dict[str, Tensor], prefix: str, gradients: Dict[str, Tensor], x) -> Tensor:
  leaves: List[Tensor] = [x]
  into: List[Tensor] = []
  for name in w.keys():
    if name.startswith(prefix) and not name.endswith("embed_out.weight"):
      leaves.append(w[name])
      into.append(gradients[name])
  seeds: List[Optional[Tensor]] = [seed]
  found = torch.grad([y], leaves, seeds)
  for i in range(len(into)):
    into[i].add_(torch._unwrap_optional(found[i + 1]))
  return torch._unwrap_optional(found[0])


# Sends the gradient of y back to x, with no weight between them.
def through(y, seed, x) -> Tensor:
  seeds: List[Optional[Tensor]] = [seed]
  return torch._unwrap_optional(torch.grad([y], [x], seeds)[0])


# Sizes of a stack of layers. Its dropouts, of hidden vectors and of attention probabilities, are 0
# outside training; seed decides what they drop.
class Stack(NamedTuple):
  layers: int
  heads: int
  rotary_dims: int
  rotary_base: float
  eps: float
  hidden_dropout: float
  attention_dropout: float
  seed: int


# Empty caches of a stack: for each layer keys and values [B, h, capacity, d].
def caches(x, batch: int, width: int, s: __torch__.neox.Stack, capacity: int) -> List[Tensor]:
  made: List[Tensor] = []
  for i in range(2 * s.layers):
    made.append(torch.new_zeros(x, [batch, s.heads, capacity, width // s.heads]))
  return made


# Leaves of the autograd graph: work copies in the compute type, or the master weights themselves where
# that is their type; without the one named.
def leaves(weights: Dict[str, Tensor], without: str, number_type: int) -> Dict[str, Tensor]:
  made: Dict[str, Tensor] = {}
  for name in weights.keys():
    if name != without:
      made[name] = torch.to(weights[name], number_type).detach().requires_grad_(True)
  return made


# Work copies in the compute type; the same tensors if equal.
def cast(weights: Dict[str, Tensor], number_type: int) -> Dict[str, Tensor]:
  return {name: torch.to(weights[name], number_type) for name in weights.keys()}


# Softmax and loss run in fp32 at least.
def widen(x) -> Tensor:
  return torch.to(x, 6) if x.element_size() == 2 else x


# Cross-entropy of each row, 0 where kept is false, and its gradients, times scale: that of the matrix is
# added to into, that of the rows returned. The logits of at_once rows exist at a time. No graph is
# recorded: the gradient of the logits is their softmax, less one at the target, and takes their place.
# rows [n, D], matrix [V, D], targets, kept [n] -> ([n], [n, D])
def cross_entropy(rows, matrix, targets, kept: Optional[Tensor], scale: float, into, at_once: int) -> Tuple[Tensor, Tensor]:
  torch.set_grad_enabled(False)
  losses: List[Tensor] = []
  seeds = torch.empty_like(rows)
  for start in range(0, rows.size(0), at_once):
    end = min(start + at_once, rows.size(0))
    part = rows[start:end]
    target = targets[start:end].unsqueeze(1)
    share = __torch__.neox.widen(torch.matmul(part, matrix.t()))
    top, index = torch.max(share, -1, True)
    loss = top - torch.gather(share, 1, target)
    torch.softmax(share, -1, out=share)
    # The likeliest token's share gives the sum of exponentials without another pass.
    loss = loss - torch.log(torch.gather(share, 1, index))
    share.scatter_add_(1, target, torch.full_like(top, -1.0))
    share = share.type_as(rows)
    seed = torch.matmul(share, matrix)
    if kept is not None:
      real = torch._unwrap_optional(kept)[start:end].unsqueeze(1)
      loss = torch.masked_fill(loss, torch.logical_not(real), 0.0)
      part = part * real
      seed = seed * real
    seeds[start:end] = seed * scale
    if into.element_size() == share.element_size():
      into.addmm_(share.t(), part, beta=1, alpha=scale)
    else:
      into.add_(torch.matmul(share.t(), part), alpha=scale)
    losses.append(loss.squeeze(1))
  torch.set_grad_enabled(True)
  return torch.cat(losses, 0), seeds


# Log-probability of each target and whether it is the arg-max. rows [n, D], targets [n] -> [n, 2]
def score_rows(rows, matrix, targets) -> Tensor:
  logits = __torch__.neox.widen(torch.linear(rows, matrix))
  chosen = torch.gather(torch.log_softmax(logits, -1), -1, targets.unsqueeze(-1)).squeeze(-1)
  greedy = torch.eq(torch.argmax(logits, -1), targets)
  return torch.stack([chosen, greedy.type_as(chosen)], -1)


# The arg-max of each row, the first of equal ones: that of the parts' maxima, then that inside the part. The
# maximum of a part is found with vectors, an arg-max number by number. logits [B, V] -> [B]
def most_likely(logits) -> Tensor:
  width = 128
  if logits.size(1) % width > 0:
    return torch.argmax(logits, -1)
  parts = logits.view([logits.size(0), -1, width])
  part = torch.argmax(torch.amax(parts, [-1]), -1)
  inside = torch.gather(parts, 1, part.view([-1, 1, 1]).expand([-1, 1, width])).squeeze(1)
  return part * width + torch.argmax(inside, -1)


# One token a row out of logits. recipe [3], in fp64, holds temperature, top k and top p; temperature 0
# takes the most likely token. draws [B], in fp64, are numbers in [0, 1) that decide. logits [B, V] -> [B]
def choose(logits, recipe, draws) -> Tensor:
  temperature = float(recipe[0].item())
  if temperature == 0.0:
    return __torch__.neox.most_likely(logits)
  top_k = int(recipe[1].item())
  top_p = float(recipe[2].item())
  scaled, order = torch.sort(torch.to(logits, 7) / temperature, stable=True, dim=-1, descending=True)
  if top_k > 0:
    scaled = scaled[:, :top_k]
  share = torch.softmax(scaled, -1)
  # The tokens before which less than top_p is reached; the first is always among them.
  share = torch.masked_fill(share, torch.ge(torch.cumsum(share, -1) - share, top_p), 0.0)
  reached = torch.cumsum(share, -1)
  below = torch.le(reached, draws.unsqueeze(1) * reached[:, -1:])
  rank = torch.minimum(torch.sum(below, [1]), torch.sum(torch.gt(share, 0.0), [1]) - 1)
  return torch.gather(order, 1, rank.unsqueeze(1)).squeeze(1)
