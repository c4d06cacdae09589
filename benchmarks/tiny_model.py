"""A tiny Llama of random weights as a GGUF file, for servers that must answer when it does not matter what.

    python benchmarks/tiny_model.py FILE.gguf [--seed N]

Needs ``gguf`` and numpy, nothing from the web. Invariants: the same seed over the same sample articles gives the same
file; any text can be tokenised and read back, since the vocabulary holds every byte. The rest of the vocabulary are the
words of the sample articles, so that a token is about as long as a real model's, and markers. With a temperature of 1
the model writes those words and markers as often as they stand there, in no order, and mostly ends before 200 tokens;
with 0 it soon goes round in a circle until the server stops it.
"""

from __future__ import annotations

import argparse
import importlib
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
WIDTH, HEADS, INNER, LAYERS, CONTEXT = 64, 4, 128, 2, 8192
CONTROLS = ("<|unknown|>", "<|start|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>")
UNKNOWN, START, END = range(3)
MARKERS = tuple(f" [{number}]" for number in range(1, 10))
RARE = 1e-7
"""The share of what the model reads but hardly writes."""
LENGTH = 80
"""Tokens of an answer at the mean, at a temperature of 1."""
CHAT = (
    "{% for message in messages %}<|{{ message['role'] }}|>\n{{ message['content'] }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
CONSTANT, NOISE = 8.0, 0.2
"""The first number of every embedding, and the spread of the output's weights for the others, whose is 1."""

Floats = NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, metavar="FILE.gguf", help="where the model is written")
    parser.add_argument("--seed", type=int, default=0, help="of the random weights")
    arguments = parser.parse_args()
    try:
        gguf = importlib.import_module("gguf")
    except ImportError:
        parser.error("the package gguf is missing: pip install gguf")
    shares = vocabulary(SEEDS)
    write(gguf, arguments.file, shares, weights(shares, np.random.default_rng(arguments.seed)))
    print(f"{arguments.file}: {len(shares)} tokens, a context of {CONTEXT}")


def vocabulary(folder: Path) -> dict[str, float]:
    """Every token as GGUF's "rwkv" tokenizer, which takes the longest that fits, wants it; with its share of an answer.

    The control tokens come first, then the bytes, then words (with the blank before them) and markers.
    """
    text = "\n".join(each.read_text(encoding="utf-8") for each in sorted(folder.iterdir()) if each.is_file())
    counts = Counter(re.findall(r" ?\w{2,}|[^\w\s]{2,}|\n\n|[.,]", text))
    spoken = {token: count for token, count in counts.items() if re.fullmatch(r" [^\W\d_]+|[.,]", token)}
    total = sum(spoken.values())
    shares = dict.fromkeys(CONTROLS, 1e-9) | {_escaped(bytes([byte])): RARE for byte in range(256)}
    shares |= {_escaped(token.encode()): spoken.get(token, RARE * total) / total for token in counts}
    return shares | dict.fromkeys(MARKERS, 0.05 / len(MARKERS)) | {CONTROLS[END]: 1 / LENGTH}


def _escaped(token: bytes) -> str:
    r"""As that tokenizer reads it: a byte as ``\x2e``."""
    plain = re.fullmatch(rb"[ \w]{2,}", token)
    return token.decode() if plain else "".join(f"\\x{byte:02x}" for byte in token)


def weights(shares: dict[str, float], random: np.random.Generator) -> dict[str, Floats]:
    """Llama's tensors by GGUF's names.

    An embedding's first number is the same for all: what stands beside it in the output gives each token its share.
    """

    def normal(*shape: int, spread: float) -> Floats:
        return random.normal(0.0, spread, shape).astype(np.float32)

    size = len(shares)
    embedding, output = normal(size, WIDTH, spread=1.0), normal(size, WIDTH, spread=NOISE)
    embedding[:, 0] = CONSTANT
    length = np.sqrt((CONSTANT**2 + WIDTH - 1) / WIDTH)  # the root mean square by which the last layer is divided
    output[:, 0] = np.log(list(shares.values())) * length / CONSTANT
    norm = np.ones(WIDTH, dtype=np.float32)
    tensors = {"token_embd.weight": embedding, "output.weight": output, "output_norm.weight": norm}
    for layer in range(LAYERS):
        shapes = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (WIDTH, WIDTH))
        shapes |= {"ffn_gate": (INNER, WIDTH), "ffn_up": (INNER, WIDTH), "ffn_down": (WIDTH, INNER)}
        for name, shape in shapes.items():
            tensors[f"blk.{layer}.{name}.weight"] = normal(*shape, spread=0.5 / np.sqrt(shape[1]))
        for name in ("attn_norm", "ffn_norm"):
            tensors[f"blk.{layer}.{name}.weight"] = norm
    return tensors


def write(gguf: Any, file: Path, tokens: Collection[str], tensors: dict[str, Floats]) -> None:
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_name("tiny random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    kinds = gguf.TokenType
    writer.add_tokenizer_model("rwkv")
    writer.add_token_list(list(tokens))
    writer.add_token_types([kinds.CONTROL if token in CONTROLS else kinds.NORMAL for token in tokens])
    writer.add_unk_token_id(UNKNOWN)
    writer.add_bos_token_id(START)
    writer.add_eos_token_id(END)
    writer.add_chat_template(CHAT)
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
