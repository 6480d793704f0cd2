# Decoding with caches of keys and values: what every architecture's generation shares
# (block-transformer.md 1.11, 7).
#
# Caches are a list: for each layer keys and values. Static ones, [B, h, capacity, d], are written in
# place. Ones of capacity 0 grow: each step makes longer copies, keys in fp32, as the original program
# does; its whole cost is in that, and measurements of it want the same.
#
# Shapes: B sequences, T new positions, S positions so far with the new ones, D hidden size, h heads,
# d = D / h.


# Static caches, or, of capacity 0, empty ones that grow. Static ones of a bf16 program are in fp32 on a
# CPU, which attends over them in half the time that bf16 takes.
def caches(x, batch: int, width: int, s: __torch__.neox.Stack, capacity: int) -> List[Tensor]:
  kept = x if capacity == 0 or x.is_cuda else __torch__.neox.widen(x)
  return __torch__.neox.caches(kept, batch, width, s, capacity)


# Whether the caches grow, asked before they hold the places up to end.
def growing(caches: List[Tensor], end: int) -> bool:
  return caches[0].size(2) < end


# The weights with the output matrix and those of the NeoX layers packed.
def weights(w: Dict[str, Tensor]) -> Dict[str, Tensor]:
  packed: Dict[str, Tensor] = {}
  for name in w.keys():
    layer = name.find("gpt_neox.layers.") >= 0 and w[name].dim() == 2
    multiplied = layer or name.endswith("embed_out.weight")
    packed[name] = __torch__.linear.pack(w[name]) if multiplied else w[name]
  return packed


# The caches of some of the sequences. rows [n], in order
def keep(caches: List[Tensor], rows) -> List[Tensor]:
  return [torch.index_select(cache, 0, rows) for cache in caches]


# Which of the first S places hold tokens and not padding, which stands on the left. pads [B] -> [B, S]
def seen(pads, places: int) -> Tensor:
  return torch.ge(torch.arange(places, device=pads.device).unsqueeze(0), pads.unsqueeze(1))


# Attention as the original program computes it: scores of all pairs in fp32, softmax, back to the
# compute type. mask as in neox.attend
def attend_eagerly(query, key, value, mask: Optional[Tensor], causal: bool) -> Tensor:
  scores = torch.matmul(query.type_as(key), key.transpose(2, 3)) * float(query.size(3)) ** -0.5
  seen = torch.ones_like(scores[:1, :1], dtype=11)
  if mask is not None:
    seen = torch._unwrap_optional(mask)
  elif causal:
    seen = torch.tril(seen, scores.size(3) - scores.size(2))
  scores = torch.masked_fill(scores, torch.logical_not(seen), -1e30)
  shares = torch.masked_fill(torch.softmax(scores, -1), torch.logical_not(torch.any(seen, -1, True)), 0.0)
  shares = shares.type_as(value)
  if value.is_cuda:
    return torch.matmul(shares, value)
  # For a bf16 product oneDNN keeps something of every length there was, and malloc's holes around it grow to
  # a multiple of the caches.
  return torch.matmul(__torch__.neox.widen(shares), __torch__.neox.widen(value)).type_as(value)


# Angles as neox.rotary has them, for projections as they come: [T, 1, 1, r] or [B, T, 1, 1, r].
def rotary(x, position, s: __torch__.neox.Stack) -> Tuple[Tensor, Tensor]:
  cos, sin = __torch__.neox.rotary(x, position, s.rotary_dims, s.rotary_base)
  return cos.unsqueeze(-2).unsqueeze(-2), sin.unsqueeze(-2).unsqueeze(-2)


# Fused projection, per head [query | key | value], queries and keys rotated, as neox.query_key_value; all in
# the type of to. With no graph to keep, the projection is rotated where it lies: a few short rows a token
# take less time than one operation's start.
# x [B, T, D] -> three of [B, h, T, d]
def query_key_value(x, w: Dict[str, Tensor], name: str, heads: int, cos, sin, to) -> Tuple[Tensor, Tensor, Tensor]:
  dims = cos.size(-1)
  fused = __torch__.neox.linear(x, w, name + ".attention.query_key_value").type_as(to)
  fused = fused.view([x.size(0), x.size(1), heads, 3, x.size(2) // heads])
  turning = torch.narrow(torch.narrow(fused, 3, 0, 2), 4, 0, dims)
  wide = __torch__.neox.widen(turning)
  swapped = torch.roll(wide, [dims // 2], [-1])
  wide.mul_(cos).addcmul_(swapped, sin)
  if fused.element_size() == 2:
    turning.copy_(wide)
  query, key, value = torch.unbind(fused.transpose(1, 2), 3)
  return query, key, value


# One layer's attention over what the cache holds and the new keys and values, which it then holds too.
# query, key, value [B, h, T, d]; layer's caches are number 2i and 2i + 1; first places are held before
def attend(query, key, value, caches: List[Tensor], i: int, first: int, mask: Optional[Tensor], causal: bool) -> Tensor:
  end = first + key.size(2)
  if caches[2 * i].size(2) < end:
    wide = key if key.element_size() > 2 else torch.to(key, 6)
    caches[2 * i] = torch.cat([caches[2 * i].type_as(wide), wide], 2)
    caches[2 * i + 1] = torch.cat([caches[2 * i + 1], value], 2)
    return __torch__.decoding.attend_eagerly(query, caches[2 * i], caches[2 * i + 1], mask, causal)
  keys = caches[2 * i]
  values = caches[2 * i + 1]
  torch.narrow(keys, 2, first, key.size(2)).copy_(key)
  torch.narrow(values, 2, first, key.size(2)).copy_(value)
  return __torch__.neox.attend(query, torch.narrow(keys, 2, 0, end), torch.narrow(values, 2, 0, end), mask, causal, 0.0)


# All layers and the final norm over the places first .. first + T - 1, with the keys and values of all
# earlier ones in the caches; adds its own to them. cos, sin from rotary; mask as in neox.attend, over
# all keys so far; none means causal or, if not so, everything.
def decoder(x, w: Dict[str, Tensor], root: str, s: __torch__.neox.Stack, caches: List[Tensor], first: int, cos, sin, mask: Optional[Tensor], causal: bool) -> Tensor:
  turned = x if __torch__.decoding.growing(caches, first + x.size(1)) else caches[0]
  for i in range(s.layers):
    name = root + ".layers.{}".format(i)
    query, key, value = __torch__.decoding.query_key_value(
        __torch__.neox.norm(x, w, name + ".input_layernorm", s.eps), w, name, s.heads, cos, sin, turned)
    attended = __torch__.decoding.attend(query, key, value, caches, i, first, mask, causal)
    attended = attended.transpose(1, 2).reshape([x.size(0), x.size(1), x.size(2)])
    attended = __torch__.neox.linear(attended.type_as(x), w, name + ".attention.dense")
    normed = __torch__.neox.norm(x, w, name + ".post_attention_layernorm", s.eps)
    x = x + attended + __torch__.neox.mlp(normed, w, name)
  return __torch__.neox.norm(x, w, root + ".final_layer_norm", s.eps)
