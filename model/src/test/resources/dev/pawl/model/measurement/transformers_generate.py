"""Times transformers' generate for GenerationSpeedBench.

Reads lines "PRECISION BATCH PROMPT NEW" and answers each with milliseconds. Weights are random, of the
sizes of vanilla_31 in the paper; what they are does not change the time.
"""

import sys
import time

import torch
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(42)
config = GPTNeoXConfig(
    vocab_size=50304,
    hidden_size=256,
    num_hidden_layers=6,
    num_attention_heads=8,
    intermediate_size=1024,
    rotary_pct=0.25,
    eos_token_id=None,
    pad_token_id=0,
)
models = {"fp32": GPTNeoXForCausalLM(config).eval()}
models["bf16"] = GPTNeoXForCausalLM(config).to(torch.bfloat16).eval()
print("ready", flush=True)
for line in sys.stdin:
    precision, batch, prompt, new = line.split()
    ids = torch.randint(0, 50304, (int(batch), int(prompt)))
    with torch.inference_mode():
        start = time.perf_counter()
        out = models[precision].generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=int(new), do_sample=False
        )
        seconds = time.perf_counter() - start
    assert out.shape[1] == int(prompt) + int(new)
    print(1000 * seconds, flush=True)
