# How neox.py chooses the most likely token, seen from outside.

class ChoiceProbe(Module):
  training: bool

  # logits [B, V], in the type of the number -> [B]
  def most_likely(self, logits, number_type: int) -> Tensor:
    return __torch__.neox.most_likely(torch.to(logits, number_type))
