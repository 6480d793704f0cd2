# The GPT-NeoX layer as configured by Pythia, shared by every architecture (block-transformer.md 1.1,
# 1.2), and what all programs need around it.
#
# Shapes: B sequences, T positions, D hidden size, h heads, d = D / h, r rotated dimensions of a head,
# V vocabulary rows. Number types: 6 is fp32, 7 fp64, 15 bf16.
#
# TorchScript drops in-place list operations on lists that it built itself; only single tensors are
# written in place here.


def linear(x, w: Dict[str, Tensor], name: str) -> Tensor:
  return torch.linear(x, w[name + ".weight"], w[name + ".bias"])


def norm(x, w: Dict[str, Tensor], name: str, eps: float) -> Tensor:
  return torch.layer_norm(x, [x.size(-1)], w[name + ".weight"], w[name + ".bias"], eps)


# Angles of the given positions, [T] or one row a sequence [B, T]: (cos, sin), each [T, r] or
# [B, 1, T, r], the r/2 frequencies repeated twice. Computed in fp32 (fp64 in an fp64 program) whatever
# the compute type is.
def rotary(x, position, dims: int, base: float) -> Tuple[Tensor, Tensor]:
  wide = torch.to(x, 7) if x.element_size() == 8 else torch.to(x, 6)
  exponent = torch.arange(0, dims, 2, device=x.device).type_as(wide) / dims
  frequency = torch.pow(base, torch.neg(exponent))
  angle = position.type_as(wide).unsqueeze(-1) * frequency
  twice = torch.cat([angle, angle], -1)
  if position.dim() == 2:
    twice = twice.unsqueeze(1)
  return torch.cos(twice), torch.sin(twice)


# Positions first .. first + length - 1.
def positions(x, first: int, length: int) -> Tensor:
  return torch.arange(first, first + length, device=x.device)


# Rotates the first r dimensions of each head, half-split form. x [B, h, T, d] -> [B, h, T, d]
def rotate(x, cos, sin) -> Tensor:
  dims = cos.size(-1)
  half = dims // 2
  turned = x[..., :dims]
  swapped = torch.cat([torch.neg(turned[..., half:]), turned[..., :half]], -1)
  rotated = (turned * cos + swapped * sin).type_as(x)
  return torch.cat([rotated, x[..., dims:]], -1)


# Fused projection, per head [query | key | value], queries and keys rotated. x [B, T, D] -> three of
# [B, h, T, d]
def query_key_value(x, w: Dict[str, Tensor], name: str, heads: int, cos, sin) -> Tuple[Tensor, Tensor, Tensor]:
  d = x.size(2) // heads
  fused = __torch__.neox.linear(x, w, name + ".attention.query_key_value")
  fused = fused.view([x.size(0), x.size(1), heads, 3 * d]).transpose(1, 2)
  query = __torch__.neox.rotate(fused[..., :d], cos, sin)
  key = __torch__.neox.rotate(fused[..., d:2 * d], cos, sin)
  return query, key, fused[..., 2 * d:]


# The mask of attend from queries in the last T of S groups-of-size positions to all S: each group sees
# itself and the groups before it, but no key whose bit is off. keys [B, S] -> [B, 1, T, S]
def grouped(keys, length: int, group: int) -> Tensor:
  number = torch.arange(keys.size(1), device=keys.device) // group
  before = torch.le(number.unsqueeze(0), number[keys.size(1) - length:].unsqueeze(1))
  return torch.logical_and(before, keys.unsqueeze(1)).unsqueeze(1)


# mask [B, 1, T, S], true where a query sees a key; none means plain causal, or everything. A query that
# sees no key gets zero, never an average over what it must not see.
def attend(query, key, value, mask: Optional[Tensor], causal: bool) -> Tensor:
  if mask is None:
    return torch.scaled_dot_product_attention(query, key, value, None, 0.0, causal)
  seen = torch._unwrap_optional(mask)
  found = torch.any(seen, -1, True)
  # A blind row looks at everything inside the kernel, so that no NaN arises, and is erased after it.
  safe = torch.logical_or(seen, torch.logical_not(found))
  attended = torch.scaled_dot_product_attention(query, key, value, safe, 0.0, False)
  return torch.masked_fill(attended, torch.logical_not(found), 0.0)


def mlp(x, w: Dict[str, Tensor], name: str) -> Tensor:
  wide = torch.gelu(__torch__.neox.linear(x, w, name + ".mlp.dense_h_to_4h"))
  return __torch__.neox.linear(wide, w, name + ".mlp.dense_4h_to_h")


# Parallel residual: x + attention(norm1(x)) + mlp(norm2(x)). x [B, T, D] -> [B, T, D]
def layer(x, w: Dict[str, Tensor], name: str, heads: int, eps: float, cos, sin, mask: Optional[Tensor]) -> Tensor:
  query, key, value = __torch__.neox.query_key_value(
      __torch__.neox.norm(x, w, name + ".input_layernorm", eps), w, name, heads, cos, sin)
  attended = __torch__.neox.attend(query, key, value, mask, True)
  attended = attended.transpose(1, 2).reshape([x.size(0), x.size(1), x.size(2)])
  attended = __torch__.neox.linear(attended, w, name + ".attention.dense")
  normed = __torch__.neox.norm(x, w, name + ".post_attention_layernorm", eps)
  return x + attended + __torch__.neox.mlp(normed, w, name)


# All layers and the final norm. root is "gpt_neox" or "token_decoder.gpt_neox".
def decoder(x, w: Dict[str, Tensor], root: str, s: __torch__.neox.Stack, mask: Optional[Tensor]) -> Tensor:
  cos, sin = __torch__.neox.rotary(x, __torch__.neox.positions(x, 0, x.size(1)), s.rotary_dims, s.rotary_base)
  for i in range(s.layers):
    x = __torch__.neox.layer(x, w, root + ".layers.{}".format(i), s.heads, s.eps, cos, sin, mask)
  return __torch__.neox.norm(x, w, root + ".final_layer_norm", s.eps)


# The same without graph; keeps what entered each layer and the final norm, and the result: enough to
# go back with decoder_backward, which computes each layer a second time.
def decoder_inputs(x, w: Dict[str, Tensor], root: str, s: __torch__.neox.Stack, mask: Optional[Tensor]) -> List[Tensor]:
  torch.set_grad_enabled(False)
  cos, sin = __torch__.neox.rotary(x, __torch__.neox.positions(x, 0, x.size(1)), s.rotary_dims, s.rotary_base)
  kept: List[Tensor] = [x]
  for i in range(s.layers):
    x = __torch__.neox.layer(x, w, root + ".layers.{}".format(i), s.heads, s.eps, cos, sin, mask)
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
    name = root + ".layers.{}".format(i)
    x = kept[i].detach().requires_grad_(True)
    y = __torch__.neox.layer(x, w, name, s.heads, s.eps, cos, sin, mask)
    seed = __torch__.neox.backward(y, seed, w, name + ".", gradients, x)
  return seed


# Sends the gradient of y back: adds those of all weights whose names start with prefix to their
# buffers and returns that of x.
def backward(y, seed, w: Dict[str, Tensor], prefix: str, gradients: Dict[str, Tensor], x) -> Tensor:
  leaves: List[Tensor] = [x]
  into: List[Tensor] = []
  for name in w.keys():
    if name.startswith(prefix):
      leaves.append(w[name])
      into.append(gradients[name])
  seeds: List[Optional[Tensor]] = [seed]
  found = torch.grad([y], leaves, seeds)
  for i in range(len(into)):
    into[i].add_(torch._unwrap_optional(found[i + 1]))
  return torch._unwrap_optional(found[0])


# Sizes of a stack of layers.
class Stack(NamedTuple):
  layers: int
  heads: int
  rotary_dims: int
  rotary_base: float
  eps: float


# Empty caches of a stack: for each layer keys and values [B, h, capacity, d].
def caches(x, batch: int, width: int, s: __torch__.neox.Stack, capacity: int) -> List[Tensor]:
  made: List[Tensor] = []
  for i in range(2 * s.layers):
    made.append(torch.new_zeros(x, [batch, s.heads, capacity, width // s.heads]))
  return made


# Leaves of the autograd graph: work copies in the compute type, or the master weights themselves where
# that is their type.
def leaves(weights: Dict[str, Tensor], number_type: int) -> Dict[str, Tensor]:
  return {name: torch.to(weights[name], number_type).detach().requires_grad_(True) for name in weights.keys()}


# Work copies in the compute type; the same tensors if equal.
def cast(weights: Dict[str, Tensor], number_type: int) -> Dict[str, Tensor]:
  return {name: torch.to(weights[name], number_type) for name in weights.keys()}


# Softmax and loss run in fp32 at least.
def widen(x) -> Tensor:
  return torch.to(x, 6) if x.element_size() == 2 else x


# Log-probability of each target and whether it is the arg-max. rows [n, D], targets [n] -> [n, 2]
def score_rows(rows, matrix, targets) -> Tensor:
  logits = __torch__.neox.widen(torch.linear(rows, matrix))
  chosen = torch.gather(torch.log_softmax(logits, -1), -1, targets.unsqueeze(-1)).squeeze(-1)
  greedy = torch.eq(torch.argmax(logits, -1), targets)
  return torch.stack([chosen, greedy.type_as(chosen)], -1)


# One token a row out of logits. recipe [3], in fp64, holds temperature, top k and top p; temperature 0
# takes the most likely token. draws [B], in fp64, are numbers in [0, 1) that decide. logits [B, V] -> [B]
def choose(logits, recipe, draws) -> Tensor:
  temperature = float(recipe[0].item())
  if temperature == 0.0:
    return torch.argmax(logits, -1)
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
