"""A training step of transformers' GPT-NeoX in PyTorch eager, for TrainingSpeedBench to time.

Arguments: hidden layers heads vocabulary batch length threads precision loss attention chunk
  precision: fp32, autocast (fp32 weights, bf16 autocast) or copy (bf16 model, fp32 master weights)
  loss:      whole (transformers' own) or chunked (chunk rows of logits at a time)
  attention: eager (transformers' own) or sdpa
Prints "ready BYTES" with its resident bytes before the model is made; then answers "step" with
"NANOSECONDS CPU_NANOSECONDS LOSS" and "peak" with its highest resident bytes since.
"""

import sys
import time
import warnings

warnings.filterwarnings("ignore")

import torch
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM
from transformers.models.gpt_neox import modeling_gpt_neox as neox


class SdpaAttention(neox.GPTNeoXAttention):
    """The same attention in one kernel; the mask of a training batch without padding is causal."""

    def _attn(self, query, key, value, attention_mask=None, head_mask=None):
        out = torch.nn.functional.scaled_dot_product_attention(
            query.to(value.dtype), key.to(value.dtype), value, is_causal=True)
        return out, None


def resident(field):
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(field):
                return int(line.split()[1]) * 1024


class Step:
    def __init__(self, hidden, layers, heads, vocabulary, batch, length, precision, loss, attention, chunk):
        neox.GPT_NEOX_ATTENTION_CLASSES["eager"] = SdpaAttention if attention == "sdpa" else neox.GPTNeoXAttention
        torch.manual_seed(1)
        config = GPTNeoXConfig(
            vocab_size=vocabulary, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads,
            intermediate_size=4 * hidden, max_position_embeddings=max(length, 16), use_cache=False,
            attention_dropout=0.0, hidden_dropout=0.0, attn_implementation="eager")
        self.model = GPTNeoXForCausalLM(config)
        self.model.train()
        self.precision, self.loss, self.chunk = precision, loss, chunk
        self.weights = list(self.model.parameters())
        self.masters = self.weights
        if precision == "copy":
            self.masters = [w.detach().float().clone() for w in self.weights]
            self.model.to(torch.bfloat16)
            self.weights = list(self.model.parameters())
        self.optimizer = torch.optim.AdamW(
            self.masters, lr=1e-4, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1, fused=True)
        self.ids = [torch.randint(0, vocabulary, (batch, length)) for _ in range(4)]
        self.count = 0

    def chunked(self, ids):
        hidden = self.model.gpt_neox(ids).last_hidden_state[:, :-1]
        rows = hidden.detach().reshape(-1, hidden.size(-1)).requires_grad_(True)
        targets = ids[:, 1:].reshape(-1)
        total = 0.0
        for start in range(0, rows.size(0), self.chunk):
            logits = self.model.embed_out(rows[start:start + self.chunk]).float()
            part = torch.nn.functional.cross_entropy(
                logits, targets[start:start + self.chunk], reduction="sum") / rows.size(0)
            part.backward()
            total += part.item()
        hidden.backward(rows.grad.view_as(hidden))
        return total

    def run(self):
        ids = self.ids[self.count % len(self.ids)]
        self.count += 1
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.precision == "autocast"):
            if self.loss == "chunked":
                loss = self.chunked(ids)
            else:
                found = self.model(ids, labels=ids).loss
                found.backward()
                loss = found.item()
        if self.precision == "copy":
            for master, weight in zip(self.masters, self.weights):
                master.grad = weight.grad.float()
                weight.grad = None
        torch.nn.utils.clip_grad_norm_(self.masters, 1.0)
        self.optimizer.step()
        if self.precision == "copy":
            with torch.no_grad():
                torch._foreach_copy_(self.weights, self.masters)
        return loss


def main():
    hidden, layers, heads, vocabulary, batch, length, threads = (int(a) for a in sys.argv[1:8])
    precision, loss, attention = sys.argv[8:11]
    chunk = int(sys.argv[11])
    torch.set_num_threads(threads)
    tiny = Step(32, 1, 2, 64, 2, 16, precision, loss, attention, 16)
    for _ in range(3):
        tiny.run()
    del tiny
    print("ready", resident("VmRSS"), flush=True)
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")
    step = Step(hidden, layers, heads, vocabulary, batch, length, precision, loss, attention, chunk)
    for line in sys.stdin:
        if line.strip() == "step":
            start, busy = time.perf_counter_ns(), time.process_time_ns()
            loss = step.run()
            print(time.perf_counter_ns() - start, time.process_time_ns() - busy, loss, flush=True)
        else:
            print(resident("VmHWM"), flush=True)


main()
