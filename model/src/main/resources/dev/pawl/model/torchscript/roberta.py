# A RoBERTa encoder without pooler (block-transformer.md 1.5).
#
# Shapes: n blocks, T tokens, D hidden size, h heads.


# Sizes of an encoder; dropouts are 0 outside training.
class Encoder(NamedTuple):
  layers: int
  heads: int
  eps: float
  hidden_dropout: float
  attention_dropout: float


# ids, mask [n, T] -> [n, T, D]. root is "embedder".
def encode(w: Dict[str, Tensor], root: str, s: __torch__.roberta.Encoder, ids, mask) -> Tensor:
  # Id 1 is RoBERTa's padding: it has position 1 and takes none of those from 2 on. Its rows of both
  # tables are never trained.
  counted = torch.ne(ids, 1).type_as(ids)
  position = torch.cumsum(counted, 1) * counted + 1
  x = torch.embedding(w[root + ".embeddings.word_embeddings.weight"], ids, 1)
  x = x + w[root + ".embeddings.token_type_embeddings.weight"][0]
  x = x + torch.embedding(w[root + ".embeddings.position_embeddings.weight"], position, 1)
  x = __torch__.neox.norm(x, w, root + ".embeddings.LayerNorm", s.eps)
  x = torch.dropout(x, s.hidden_dropout, True)
  for i in range(s.layers):
    x = __torch__.roberta.layer(x, w, root + ".encoder.layer.{}".format(i), s, mask)
  return x


# Attention over the real tokens, then the MLP; each is added, and the sum normed.
def layer(x, w: Dict[str, Tensor], name: str, s: __torch__.roberta.Encoder, mask) -> Tensor:
  query = __torch__.roberta.heads(x, w, name + ".attention.self.query", s.heads)
  key = __torch__.roberta.heads(x, w, name + ".attention.self.key", s.heads)
  value = __torch__.roberta.heads(x, w, name + ".attention.self.value", s.heads)
  # A block of nothing but padding sees no key: zero, as everywhere.
  found = torch.any(mask, -1)[:, None, None, None]
  seen = torch.logical_or(mask[:, None, None, :], torch.logical_not(found))
  seen = seen.expand([-1, 1, x.size(1), -1])
  attended = torch.scaled_dot_product_attention(query, key, value, seen, s.attention_dropout, False)
  attended = torch.masked_fill(attended, torch.logical_not(found), 0.0)
  attended = attended.transpose(1, 2).reshape([x.size(0), x.size(1), x.size(2)])
  attended = __torch__.neox.linear(attended, w, name + ".attention.output.dense")
  attended = torch.dropout(attended, s.hidden_dropout, True)
  x = __torch__.neox.norm(x + attended, w, name + ".attention.output.LayerNorm", s.eps)
  wide = torch.gelu(__torch__.neox.linear(x, w, name + ".intermediate.dense"))
  narrow = torch.dropout(__torch__.neox.linear(wide, w, name + ".output.dense"), s.hidden_dropout, True)
  return __torch__.neox.norm(x + narrow, w, name + ".output.LayerNorm", s.eps)


# [n, T, D] -> [n, h, T, D / h]
def heads(x, w: Dict[str, Tensor], name: str, count: int) -> Tensor:
  return __torch__.neox.linear(x, w, name).view([x.size(0), x.size(1), count, -1]).transpose(1, 2)
