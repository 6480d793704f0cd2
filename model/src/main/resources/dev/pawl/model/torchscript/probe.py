# Whether this libtorch can load and run a library: by doing so.

class Probe(Module):
  training: bool

  # The product in a number type, as fp64. x [n, D], weight [E, D] -> [n, E]
  def packed(self, x, weight, number_type: int) -> Tensor:
    matrix = __torch__.linear.pack(torch.to(weight, number_type))
    return torch.to(__torch__.linear.product(torch.to(x, number_type), matrix, None), 7)
