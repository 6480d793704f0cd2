# AdamW with decoupled weight decay on every parameter, after clipping by the global norm
# (block-transformer.md 4). The lists come in as arguments: TorchScript would drop a write into a list
# that it built itself.

class AdamW(Module):
  training: bool

  # Global norm of all gradients: [1].
  def norm(self, gradients: List[Tensor]) -> Tensor:
    torch.set_grad_enabled(False)
    return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(gradients, 2))).reshape([1])

  # Clips, then updates parameters and moments in place. steps holds the number of this update for
  # each parameter; norm [1] is the global norm; recipe [6], in fp64, holds learning rate, beta1,
  # beta2, epsilon, weight decay and the norm to clip to, 0 for none.
  def step(self, parameters: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], norm, recipe) -> Tensor:
    torch.set_grad_enabled(False)
    limit = float(recipe[5].item())
    total = float(norm.item())
    if limit > 0.0 and total > limit:
      torch._foreach_mul_(gradients, limit / (total + 1e-6))
    torch._fused_adamw_(
        parameters, gradients, first, second, [], steps,
        lr=float(recipe[0].item()), beta1=float(recipe[1].item()), beta2=float(recipe[2].item()),
        weight_decay=float(recipe[4].item()), eps=float(recipe[3].item()), amsgrad=False, maximize=False)
    return norm

  # What weight decay alone leaves of parameters that have no gradient.
  def decay(self, parameters: List[Tensor], recipe) -> Tensor:
    torch.set_grad_enabled(False)
    torch._foreach_mul_(parameters, 1.0 - float(recipe[0].item()) * float(recipe[4].item()))
    return parameters[0].flatten()[:1]

  # Sets every tensor to zero.
  def clear(self, tensors: List[Tensor]) -> Tensor:
    torch.set_grad_enabled(False)
    for t in tensors:
      t.zero_()
    return tensors[0].flatten()[:1]
