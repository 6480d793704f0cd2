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
