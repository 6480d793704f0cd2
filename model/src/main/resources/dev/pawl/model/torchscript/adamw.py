# AdamW with decoupled weight decay on every parameter, after clipping by the global norm
# (block-transformer.md 4). The lists come in as arguments: TorchScript would drop a write into a list
# that it built itself.

class AdamW(Module):
  training: bool

  # Updates parameters and moments in place, in the order given, and returns the global norm of the
  # gradients before clipping. step holds the number of updates before this one and is advanced;
  # recipe [6] in fp64 holds learning rate, beta1, beta2, epsilon, weight decay and the norm to clip
  # to, 0 for none.
  def step(self, parameters: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], recipe) -> Tensor:
    torch.set_grad_enabled(False)
    norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(gradients, 2.0)))
    limit = float(recipe[5].item())
    if limit > 0.0:
      torch._foreach_mul_(gradients, torch.clamp(limit / (norm + 1e-6), max=1.0))
    torch._fused_adamw_(
        parameters, gradients, first, second, [], steps,
        lr=float(recipe[0].item()), beta1=float(recipe[1].item()), beta2=float(recipe[2].item()),
        weight_decay=float(recipe[4].item()), eps=float(recipe[3].item()), amsgrad=False, maximize=False)
    return norm.reshape([1])

  # Sets every tensor to zero.
  def clear(self, tensors: List[Tensor]) -> Tensor:
    torch.set_grad_enabled(False)
    for t in tensors:
      t.zero_()
    return torch.numel(tensors[0]) * torch.ones_like(tensors[0].flatten()[:1])
