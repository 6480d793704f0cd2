# T5 encoder and decoder stacks (block-transformer.md 1.7).
#
# Shapes: n blocks, T tokens, S keys, D hidden size, h heads, d head size.


# Sizes of a stack; dropout is 0 outside training.
class Stack(NamedTuple):
  layers: int
  heads: int
  buckets: int
  max_distance: int
  eps: float
  dropout: float


# Root mean square over D, without mean or bias. The mean is taken in fp32 at least.
def norm(x, w: Dict[str, Tensor], name: str, eps: float) -> Tensor:
  wide = __torch__.neox.widen(x)
  scale = torch.rsqrt(torch.mean(wide * wide, [-1], True) + eps)
  return w[name + ".weight"] * (wide * scale).type_as(x)


# [n, T, D] -> [n, h, T, d]
def heads(x, w: Dict[str, Tensor], name: str, count: int) -> Tensor:
  return torch.linear(x, w[name + ".weight"]).view([x.size(0), x.size(1), count, -1]).transpose(1, 2)


# Bucket of each distance between queries first .. first + queries - 1 and keys 0 .. keys - 1: one a
# distance up to half of the buckets, then wider and wider ones. A causal stack has them for the past
# only, the other one half of them for each side. -> [queries, keys]
def buckets(x, s: __torch__.t5.Stack, first: int, queries: int, keys: int, causal: bool) -> Tensor:
  query = torch.arange(first, first + queries, device=x.device).unsqueeze(1)
  offset = torch.arange(0, keys, device=x.device).unsqueeze(0) - query
  count = s.buckets if causal else s.buckets // 2
  side = torch.zeros_like(offset) if causal else torch.gt(offset, 0).type_as(offset) * count
  distance = torch.clamp(torch.neg(offset), 0) if causal else torch.abs(offset)
  exact = count // 2
  far = torch.log(torch.to(torch.clamp(distance, exact), 6) / exact)
  ratio = torch.log(torch.to(torch.full_like(distance, s.max_distance), 6) / exact)
  wide = exact + torch.to(far / ratio * (count - exact), 4)
  return side + torch.where(torch.lt(distance, exact), distance, torch.clamp(wide, None, count - 1))


# What is added to the scores of every layer, off where mask is false; attention is not scaled.
# name is the first layer's attention; mask [n or 1, 1, T, S] -> [n or 1, h, T, S]
def bias(x, w: Dict[str, Tensor], name: str, s: __torch__.t5.Stack, first: int, mask, causal: bool) -> Tensor:
  rows = __torch__.t5.buckets(x, s, first, mask.size(2), mask.size(3), causal)
  added = torch.embedding(w[name + ".relative_attention_bias.weight"], rows)
  return torch.masked_fill(added.permute([2, 0, 1]).unsqueeze(0), torch.logical_not(mask), float("-inf"))


# [n, h, T, d] x [n, h, S, d] x [n, h, S, d] -> [n, T, D], added to x. A bias of -inf everywhere in a row
# gives zero.
def attend(x, w: Dict[str, Tensor], name: str, query, key, value, added: Optional[Tensor], dropout: float) -> Tensor:
  scores = __torch__.neox.widen(torch.matmul(query, key.transpose(2, 3)))
  if added is not None:
    scores = scores + torch._unwrap_optional(added)
    blind = torch.all(torch.isinf(scores), -1, True)
    share = torch.masked_fill(torch.softmax(torch.masked_fill(scores, blind, 0.0), -1), blind, 0.0)
  else:
    share = torch.softmax(scores, -1)
  share = torch.dropout(share.type_as(x), dropout, True)
  attended = torch.matmul(share, value).transpose(1, 2).reshape([x.size(0), x.size(1), -1])
  return x + torch.dropout(torch.linear(attended, w[name + ".o.weight"]), dropout, True)


# Norm, ReLU MLP, residual.
def feed_forward(x, w: Dict[str, Tensor], name: str, s: __torch__.t5.Stack) -> Tensor:
  y = __torch__.t5.norm(x, w, name + ".layer_norm", s.eps)
  y = torch.relu(torch.linear(y, w[name + ".DenseReluDense.wi.weight"]))
  y = torch.linear(torch.dropout(y, s.dropout, True), w[name + ".DenseReluDense.wo.weight"])
  return x + torch.dropout(y, s.dropout, True)


# Encoder over token vectors. root is "embedder.encoder"; x [n, T, D], mask [n, T] -> [n, T, D]
def encoder(x, w: Dict[str, Tensor], root: str, s: __torch__.t5.Stack, mask) -> Tensor:
  x = torch.dropout(x, s.dropout, True)
  seen = mask[:, None, None, :].expand([-1, 1, x.size(1), -1])
  added = __torch__.t5.bias(x, w, root + ".block.0.layer.0.SelfAttention", s, 0, seen, False)
  for i in range(s.layers):
    block = root + ".block.{}".format(i)
    name = block + ".layer.0.SelfAttention"
    y = __torch__.t5.norm(x, w, block + ".layer.0.layer_norm", s.eps)
    query = __torch__.t5.heads(y, w, name + ".q", s.heads)
    key = __torch__.t5.heads(y, w, name + ".k", s.heads)
    value = __torch__.t5.heads(y, w, name + ".v", s.heads)
    x = __torch__.t5.attend(x, w, name, query, key, value, added, s.dropout)
    x = __torch__.t5.feed_forward(x, w, block + ".layer.1", s)
  return torch.dropout(__torch__.t5.norm(x, w, root + ".final_layer_norm", s.eps), s.dropout, True)


# Decoder over token vectors first .. first + T - 1, whose layers also attend to all of context
# [n, R, D]. caches are those of neox.caches for the self-attention, written in place; none reads all at
# once. root is "token_decoder.decoder"; keys [n, first + T] is false for padding. x [n, T, D] -> [n, T, D]
def decoder(x, w: Dict[str, Tensor], root: str, s: __torch__.t5.Stack, context, keys, caches: List[Tensor], first: int) -> Tensor:
  end = first + x.size(1)
  x = torch.dropout(x, s.dropout, True)
  mask = __torch__.neox.grouped(keys, x.size(1), 1)
  added = __torch__.t5.bias(x, w, root + ".block.0.layer.0.SelfAttention", s, first, mask, True)
  for i in range(s.layers):
    block = root + ".block.{}".format(i)
    name = block + ".layer.0.SelfAttention"
    y = __torch__.t5.norm(x, w, block + ".layer.0.layer_norm", s.eps)
    query = __torch__.t5.heads(y, w, name + ".q", s.heads)
    key = __torch__.t5.heads(y, w, name + ".k", s.heads)
    value = __torch__.t5.heads(y, w, name + ".v", s.heads)
    if len(caches) > 0:
      kept_keys = caches[2 * i]
      kept_values = caches[2 * i + 1]
      kept_keys[:, :, first:end] = key
      kept_values[:, :, first:end] = value
      key = kept_keys[:, :, :end]
      value = kept_values[:, :, :end]
    x = __torch__.t5.attend(x, w, name, query, key, value, added, s.dropout)
    name = block + ".layer.1.EncDecAttention"
    y = __torch__.t5.norm(x, w, block + ".layer.1.layer_norm", s.eps)
    query = __torch__.t5.heads(y, w, name + ".q", s.heads)
    key = __torch__.t5.heads(context, w, name + ".k", s.heads)
    value = __torch__.t5.heads(context, w, name + ".v", s.heads)
    x = __torch__.t5.attend(x, w, name, query, key, value, None, s.dropout)
    x = __torch__.t5.feed_forward(x, w, block + ".layer.2", s)
  return torch.dropout(__torch__.t5.norm(x, w, root + ".final_layer_norm", s.eps), s.dropout, True)
