# Copies between tensors in memory that the runtime allocated itself.

class Memory(Module):
  training: bool

  # Overwrites into with source, of the same shape and type.
  def copy(self, into, source) -> Tensor:
    torch.set_grad_enabled(False)
    into.copy_(source)
    return into.flatten()[:1]
