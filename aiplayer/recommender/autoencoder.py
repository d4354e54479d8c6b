"""The trained playlist autoencoder as it is served: the same network in NumPy, its tables in half the memory.

A process that only answers does without TensorFlow's 600 MiB, and reads of the tables, which stay in their files, only
the rows that it needs. The arithmetic is `training.recommender.network`'s, one question at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from ml_dtypes import bfloat16
from scipy.sparse import csr_matrix

from aiplayer.files import reading
from aiplayer.recommender.shortlist import Decoder

if TYPE_CHECKING:
    from training.recommender.network import PlaylistAutoencoder

FILE, INPUT_FILE, OUTPUT_FILE = "autoencoder.npz", "input_table.npy", "output_table.npy"
SONG_SHORTLIST, TAG_SHORTLIST = 1_000, 300
SLOPE, EPSILON = np.float32(0.1), np.float32(1e-3)


@dataclass(frozen=True)
class Layers:
    """What stands between the tables, float32: kernels [in, out], the others [hidden]."""

    title_projection: np.ndarray
    norm_scale: np.ndarray
    norm_shift: np.ndarray
    dense: np.ndarray
    dense_bias: np.ndarray


class ServedAutoencoder:
    """Hidden states of playlists, and what they say of songs and of tags.

    Args:
        input_table: bfloat16 [inputs, hidden].
        layers: Of the encoder.
        songs: Finds songs by a hidden state.
        tags: Finds tags.
    """

    def __init__(self, input_table: np.ndarray, layers: Layers, songs: Decoder, tags: Decoder):
        self.input_table, self.layers = input_table, layers
        self.songs, self.tags = songs, tags

    @classmethod
    def of(cls, model: "PlaylistAutoencoder", uses: np.ndarray, song_count: int) -> Self:
        """Take over a trained model.

        Args:
            model: Trained.
            uses: In how many playlists each song and tag stands, float32 [outputs].
            song_count: How many of the outputs are songs.
        """
        norm, dense = model.norm, model.dense
        layers = Layers(
            *(weight.numpy() for weight in (model.title_projection.kernel, norm.gamma, norm.beta, dense.kernel)),
            dense.bias.numpy(),
        )
        table, bias = model.output_table.numpy().astype(bfloat16), model.output_bias.numpy()
        parts = (slice(song_count), SONG_SHORTLIST), (slice(song_count, None), TAG_SHORTLIST)
        decoders = (Decoder.of(table[part], bias[part], uses[part], length) for part, length in parts)
        return cls(model.input_table.numpy().astype(bfloat16), layers, *decoders)

    @property
    def shape(self) -> tuple[int, int]:
        """How many inputs and outputs it knows."""
        return len(self.input_table), len(self.songs) + len(self.tags)

    @property
    def title_size(self) -> int:
        """Length of a title embedding."""
        return len(self.layers.title_projection)

    def states(self, kinds: Sequence[Sequence[np.ndarray]], title: np.ndarray | None = None) -> np.ndarray:
        """Hidden states, float32 [playlists, hidden].

        Args:
            kinds: Rows of the input table that are known of each playlist, one array for each of
                `training.recommender.network.KINDS`.
            title: Embedding of the title of all of them, float32 [title_size].
        """
        layers = self.layers
        summed = self._bagged(kinds)
        if title is not None:
            summed += title @ layers.title_projection
        centred = summed - summed.mean(axis=1, keepdims=True)
        norm = centred / np.sqrt(np.square(centred).mean(axis=1, keepdims=True) + EPSILON)
        first = _leaky(norm * layers.norm_scale + layers.norm_shift)
        return first + _leaky(first @ layers.dense + layers.dense_bias)

    def _bagged(self, kinds: Sequence[Sequence[np.ndarray]]) -> np.ndarray:
        """The sum of each playlist's bags, each divided by the square root of its size, float32 [playlists, hidden]."""
        sizes = np.array([len(rows) for playlist in kinds for rows in playlist])
        rows = np.concatenate([rows for playlist in kinds for rows in playlist])
        shares = np.repeat(1 / np.sqrt(np.maximum(sizes, 1.0), dtype=np.float32), sizes)
        bounds = np.concatenate([[0], np.cumsum(sizes.reshape(len(kinds), -1).sum(axis=1))])
        bags = csr_matrix((shares, np.arange(len(rows)), bounds), shape=(len(kinds), len(rows)))
        return bags @ self.input_table[rows].astype(np.float32)

    def save(self, folder: str | Path) -> None:
        """Write `autoencoder.npz`, `input_table.npy` and `output_table.npy`."""
        folder = Path(folder)
        # NumPy's files know no bfloat16.
        np.save(folder / INPUT_FILE, self.input_table.view(np.uint16))
        np.save(folder / OUTPUT_FILE, np.concatenate([self.songs.table, self.tags.table]).view(np.uint16))
        decoders = {"songs": self.songs, "tags": self.tags}
        arrays = {f"{of}_{name}": array for of, decoder in decoders.items() for name, array in decoder.arrays().items()}
        np.savez(folder / FILE, **vars(self.layers), **arrays)

    @classmethod
    def load(cls, folder: str | Path, song_count: int) -> Self:
        """Open what `save` wrote; the tables stay in their files.

        Raises:
            ModelMissing: a file is missing or unreadable.
        """
        folder = Path(folder)
        with reading("The recommender's autoencoder"), np.load(folder / FILE, allow_pickle=False) as arrays:
            layers = Layers(*(arrays[field.name] for field in fields(Layers)))
            inputs, outputs = (
                np.asarray(np.load(folder / file, mmap_mode="r", allow_pickle=False)).view(bfloat16)
                for file in (INPUT_FILE, OUTPUT_FILE)
            )
            decoders = []
            for of, table in (("songs", outputs[:song_count]), ("tags", outputs[song_count:])):
                kept = {name.removeprefix(f"{of}_"): arrays[name] for name in arrays if name.startswith(f"{of}_")}
                decoders.append(Decoder(table, **kept))
        return cls(inputs, layers, *decoders)


def _leaky(values: np.ndarray) -> np.ndarray:
    return np.where(values > 0, values, SLOPE * values)
