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


# Angles of positions first .. first + length - 1: (cos, sin), each [length, r], the r/2 frequencies
# repeated twice. Computed in fp32 (fp64 in an fp64 program) whatever the compute type is.
def rotary(x, first: int, length: int, dims: int, base: float) -> Tuple[Tensor, Tensor]:
  wide = torch.to(x, 7) if x.element_size() == 8 else torch.to(x, 6)
  exponent = torch.arange(0, dims, 2, device=x.device).type_as(wide) / dims
  frequency = torch.pow(base, torch.neg(exponent))
  position = torch.arange(first, first + length, device=x.device).type_as(wide)
  angle = torch.outer(position, frequency)
  twice = torch.cat([angle, angle], -1)
  return torch.cos(twice), torch.sin(twice)


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


# mask [B, 1, T, T], true where a query sees a key; none means plain causal. A query that sees no key
# gets zero, never an average over what it must not see.
def attend(query, key, value, mask: Optional[Tensor]) -> Tensor:
  if mask is None:
    return torch.scaled_dot_product_attention(query, key, value, None, 0.0, True)
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
  attended = __torch__.neox.attend(query, key, value, mask)
  attended = attended.transpose(1, 2).reshape([x.size(0), x.size(1), x.size(2)])
  attended = __torch__.neox.linear(attended, w, name + ".attention.dense")
  normed = __torch__.neox.norm(x, w, name + ".post_attention_layernorm", eps)
  return x + attended + __torch__.neox.mlp(normed, w, name)


# All layers and the final norm. root is "gpt_neox" or "token_decoder.gpt_neox".
def decoder(x, w: Dict[str, Tensor], root: str, s: __torch__.neox.Stack, mask: Optional[Tensor]) -> Tensor:
  cos, sin = __torch__.neox.rotary(x, 0, x.size(1), s.rotary_dims, s.rotary_base)
  for i in range(s.layers):
    x = __torch__.neox.layer(x, w, root + ".layers.{}".format(i), s.heads, s.eps, cos, sin, mask)
  return __torch__.neox.norm(x, w, root + ".final_layer_norm", s.eps)


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


# The same decoder over positions first .. first + T - 1, with the keys and values of all earlier
# positions in the caches; writes its own into them.
def decoder_cached(x, w: Dict[str, Tensor], root: str, s: __torch__.neox.Stack, caches: List[Tensor], first: int) -> Tensor:
  end = first + x.size(1)
  cos, sin = __torch__.neox.rotary(x, first, x.size(1), s.rotary_dims, s.rotary_base)
  for i in range(s.layers):
    name = root + ".layers.{}".format(i)
    query, key, value = __torch__.neox.query_key_value(
        __torch__.neox.norm(x, w, name + ".input_layernorm", s.eps), w, name, s.heads, cos, sin)
    keys = caches[2 * i]
    values = caches[2 * i + 1]
    keys[:, :, first:end] = key
    values[:, :, first:end] = value
    # Only a run of positions that starts at zero needs a mask: a single later one sees all.
    attended = torch.scaled_dot_product_attention(
        query, keys[:, :, :end], values[:, :, :end], None, 0.0, x.size(1) > 1)
    attended = attended.transpose(1, 2).reshape([x.size(0), x.size(1), x.size(2)])
    attended = __torch__.neox.linear(attended, w, name + ".attention.dense")
    normed = __torch__.neox.norm(x, w, name + ".post_attention_layernorm", s.eps)
    x = x + attended + __torch__.neox.mlp(normed, w, name)
  return __torch__.neox.norm(x, w, root + ".final_layer_norm", s.eps)


# Leaves of the autograd graph over the master weights; no copy.
def leaves(weights: Dict[str, Tensor]) -> Dict[str, Tensor]:
  return {name: weights[name].detach().requires_grad_(True) for name in weights.keys()}


# Work copies in the compute type; gradients flow back to the masters. The same tensors if equal.
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
