# Products with a weight's matrix, and the form in which such a matrix is multiplied fastest with few rows:
# what decoding does for every token. linear_onednn.py takes this file's place where libtorch has oneDNN.


# x [.., D], weight [E, D] or packed, bias [E] -> [.., E]
def product(x, weight, bias: Optional[Tensor]) -> Tensor:
  return torch.linear(x, weight, bias)


# The same behind the exact GELU.
def gelu_product(x, weight, bias: Optional[Tensor]) -> Tensor:
  return torch.gelu(torch.linear(x, weight, bias))


# A matrix that only product reads. In fp32 a wide one is laid out by columns on a CPU, which reads it three
# times as fast.
def pack(weight) -> Tensor:
  if weight.is_cuda or weight.element_size() != 4 or weight.size(0) < weight.size(1):
    return weight
  return weight.t().contiguous().t()
