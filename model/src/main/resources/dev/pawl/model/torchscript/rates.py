# What this machine can do: the rates that floors of measurements are made of.

class Rates(Module):
  training: bool

  # A square matrix of a number type: 6 is fp32, 7 fp64, 15 bf16. like [1] -> [size, size]
  def square(self, like, size: int, number_type: int) -> Tensor:
    return torch.to(like.expand([size, size]).contiguous(), number_type)

  def product(self, a, b) -> Tensor:
    return torch.matmul(a, b)

  # Overwrites into with source.
  def copy(self, into, source) -> Tensor:
    into.copy_(source)
    return into
