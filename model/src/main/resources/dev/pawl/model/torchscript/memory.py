# Copies between tensors in memory that the runtime allocated itself.

class Memory(Module):
  training: bool

  # Overwrites into with source, of the same shape and type.
  def copy(self, into, source) -> Tensor:
    torch.set_grad_enabled(False)
    into.copy_(source)
    return into.flatten()[:1]

  # A copy of the elements from range[0] up to range[1], row-major.
  def part(self, source, range) -> Tensor:
    torch.set_grad_enabled(False)
    first = int(range[0].item())
    return source.flatten()[first:int(range[1].item())].clone()

  # Overwrites the elements of a contiguous tensor from range[0] up to range[1], row-major.
  def copy_part(self, into, source, range) -> Tensor:
    torch.set_grad_enabled(False)
    first = int(range[0].item())
    into.view([-1])[first:int(range[1].item())].copy_(source)
    return source[:1]

  # Rows of unsigned 16-bit numbers, given as bytes, as int64.
  def ids16(self, raw) -> Tensor:
    torch.set_grad_enabled(False)
    return torch.to(torch.view_copy(raw, dtype=2), 4).bitwise_and_(65535)

  # Rows of 32-bit numbers, given as bytes, as int64.
  def ids32(self, raw) -> Tensor:
    torch.set_grad_enabled(False)
    return torch.to(torch.view_copy(raw, dtype=3), 4)
