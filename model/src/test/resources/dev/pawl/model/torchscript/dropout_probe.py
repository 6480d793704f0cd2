# What neox.py drops, seen from outside.

class DropoutProbe(Module):
  training: bool
  hidden: float
  attention: float

  def stack(self, seed: int) -> __torch__.neox.Stack:
    return __torch__.neox.Stack(1, 1, 2, 10000.0, 0.00001, self.hidden, self.attention, seed)

  # What enters a stack. x [B, T, D] -> [B, T, D]
  def entered(self, x, seed) -> Tensor:
    return __torch__.neox.enter(x, self.stack(int(seed.item())))

  # Attention whose values are the unit vectors: the probabilities. query, key [B, h, T, d], value
  # [B, h, T, T] -> [B, h, T, T]
  def probabilities(self, query, key, value, seed) -> Tensor:
    __torch__.neox.reseed(self.stack(int(seed.item())), 1)
    return __torch__.neox.attend(query, key, value, None, True, self.attention)
