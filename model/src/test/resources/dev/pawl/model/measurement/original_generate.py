"""Times the original Block Transformer's generate for GenerationSpeedBench.

Reads lines "PRECISION BATCH PROMPT NEW" and answers each with milliseconds. Weights are random, of the
sizes of block_main_b4_5; what they are does not change the time. The second argument is a folder with the
original sources.
"""

import contextlib
import io
import sys
import time

import torch
from transformers import GPTNeoXConfig

sys.path.insert(0, sys.argv[2])
from model.block_decoder.gpt_neo_x import GPTNeoXBlockDecoder
from model.block_transformer import BlockTransformer
from model.embedder.lookup import LookupConfig, LookupEmbedder
from model.token_decoder import GPTNeoXTokenDecoder

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(42)


def stack():
    return GPTNeoXConfig(
        vocab_size=50304,
        hidden_size=256,
        num_hidden_layers=3,
        num_attention_heads=8,
        intermediate_size=1024,
        rotary_pct=0.25,
        bos_token_id=0,
        eos_token_id=0,
        pad_token_id=0,
    )


def build():
    embedder = LookupEmbedder(
        LookupConfig(vocab_size=50304, hidden_size=64),
        block_length=4,
        n_embedding_tokens=1,
        projection_method="concat",
        projection_hidden_size=256,
    )
    token_decoder = GPTNeoXTokenDecoder(
        stack(),
        block_length=4,
        n_embedding_tokens=1,
        projection_hidden_size=256,
        expansion_method="expansion_layer",
        expansion_ratio=2,
        decoding_strategy="prefix",
    )
    block_decoder = GPTNeoXBlockDecoder(stack(), n_embedding_tokens=1)
    return BlockTransformer(embedder, block_decoder, token_decoder, use_token_decoding_loss=True).eval()


with contextlib.redirect_stdout(io.StringIO()):
    models = {"fp32": build(), "bf16": build().to(torch.bfloat16)}
print("ready", flush=True)
for line in sys.stdin:
    precision, batch, prompt, new = line.split()
    ids = torch.randint(1, 50304, (int(batch), int(prompt)))
    with torch.inference_mode(), contextlib.redirect_stdout(io.StringIO()):
        start = time.perf_counter()
        out = models[precision].generate(ids, max_length=int(prompt) + int(new))
        seconds = time.perf_counter() - start
    assert out.shape[1] == int(prompt) + int(new), out.shape
    print(1000 * seconds, flush=True)
