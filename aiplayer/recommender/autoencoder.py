"""The trained playlist autoencoder as it is served: the same network in NumPy, its tables in half the memory.

A process that only answers does without TensorFlow's 600 MiB, and reads of the tables, which stay in their files, only
the rows that it needs. The arithmetic is that of the network that was trained, one query at a time:

    summed = Σ_kinds Σ_rows table[row] / sqrt(rows of the kind) + title · projection
    first  = leaky(norm(summed)),  state = first + leaky(first · kernel + bias),  logits = state · output tableᵀ + bias
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from ml_dtypes import bfloat16
from scipy.sparse import csr_matrix

from aiplayer.files import reading
from aiplayer.recommender.request import Inputs
from aiplayer.recommender.shortlist import OutputTable

FILE, INPUT_FILE, OUTPUT_FILE = "autoencoder.npz", "input_table.npy", "output_table.npy"
SONG_SHORTLIST, TAG_SHORTLIST = 1_000, 300
SLOPE, EPSILON = np.float32(0.1), np.float32(1e-3)


@dataclass(frozen=True)
class Layers:
    """The weights between the tables, float32.

    Attributes:
        title_projection: [title size, hidden].
        norm_scale: [hidden].
        norm_shift: [hidden].
        dense: [hidden, hidden].
        dense_bias: [hidden].
    """

    title_projection: np.ndarray
    norm_scale: np.ndarray
    norm_shift: np.ndarray
    dense: np.ndarray
    dense_bias: np.ndarray


class ServedAutoencoder:
    """Hidden states of playlists, and what they say of songs and of tags.

    Args:
        input_table: bfloat16 [inputs, hidden].
        layers: The weights between the tables.
        songs: The output table's rows of songs.
        tags: The output table's rows of tags.
    """

    def __init__(self, input_table: np.ndarray, layers: Layers, songs: OutputTable, tags: OutputTable):
        self.input_table = input_table
        self.layers = layers
        self.songs = songs
        self.tags = tags

    @classmethod
    def from_weights(
        cls,
        input_table: np.ndarray,
        layers: Layers,
        output_table: np.ndarray,
        output_bias: np.ndarray,
        uses: np.ndarray,
        song_count: int,
    ) -> Self:
        """Round trained weights to what is served.

        Args:
            input_table: float32 [inputs, hidden].
            layers: The weights between the tables.
            output_table: float32 [outputs, hidden].
            output_bias: float32 [outputs].
            uses: In how many playlists each song and tag stands, float32 [outputs].
            song_count: How many of the outputs are songs; the rest are tags.
        """
        table = output_table.astype(bfloat16)
        song_part = slice(song_count)
        tag_part = slice(song_count, None)
        songs = OutputTable.prepare(table[song_part], output_bias[song_part], uses[song_part], SONG_SHORTLIST)
        tags = OutputTable.prepare(table[tag_part], output_bias[tag_part], uses[tag_part], TAG_SHORTLIST)
        return cls(input_table.astype(bfloat16), layers, songs, tags)

    @property
    def shape(self) -> tuple[int, int]:
        """How many inputs and outputs it knows."""
        return len(self.input_table), len(self.songs) + len(self.tags)

    @property
    def title_size(self) -> int:
        """Length of a title embedding."""
        return len(self.layers.title_projection)

    def states(self, inputs: Sequence[Inputs], title_embedding: np.ndarray | None = None) -> np.ndarray:
        """Hidden states, float32 [playlists, hidden].

        Args:
            inputs: What is shown of each playlist.
            title_embedding: The title of all of them, float32 [title_size]; None for no title.
        """
        layers = self.layers
        summed = self._summed_bags(inputs)
        if title_embedding is not None:
            summed += title_embedding @ layers.title_projection

        centered = summed - summed.mean(axis=1, keepdims=True)
        variance = np.square(centered).mean(axis=1, keepdims=True)
        norm = centered / np.sqrt(variance + EPSILON)

        first = _leaky(norm * layers.norm_scale + layers.norm_shift)
        second = _leaky(first @ layers.dense + layers.dense_bias)
        return first + second

    def _summed_bags(self, inputs: Sequence[Inputs]) -> np.ndarray:
        """The sum of each playlist's bags, each divided by the square root of its size, float32 [playlists, hidden]."""
        bags: list[np.ndarray] = []
        for playlist in inputs:
            bags += playlist
        rows = np.concatenate(bags)
        embedded = self.input_table[rows].astype(np.float32)

        sizes = np.array([len(bag) for bag in bags])
        divisors = np.sqrt(np.maximum(sizes, 1.0), dtype=np.float32)
        shares = np.repeat(1 / divisors, sizes)

        # A row for each playlist, whose entries are the shares of all its rows.
        playlist_count = len(inputs)
        playlist_sizes = sizes.reshape(playlist_count, -1).sum(axis=1)
        bounds = np.concatenate([[0], np.cumsum(playlist_sizes)])
        positions = np.arange(len(rows))
        weights = csr_matrix((shares, positions, bounds), shape=(playlist_count, len(rows)))
        return weights @ embedded

    def save(self, folder: str | Path) -> None:
        """Write `autoencoder.npz`, `input_table.npy` and `output_table.npy`."""
        folder = Path(folder)
        output_table = np.concatenate([self.songs.table, self.tags.table])
        # NumPy's files know no bfloat16.
        np.save(folder / INPUT_FILE, self.input_table.view(np.uint16))
        np.save(folder / OUTPUT_FILE, output_table.view(np.uint16))

        arrays: dict[str, Any] = dict(vars(self.layers))
        for name, array in self.songs.arrays().items():
            arrays[f"songs_{name}"] = array
        for name, array in self.tags.arrays().items():
            arrays[f"tags_{name}"] = array
        np.savez(folder / FILE, **arrays)

    @classmethod
    def load(cls, folder: str | Path, song_count: int) -> Self:
        """Open what `save` wrote; the tables stay in their files.

        Args:
            folder: Where `save` wrote it.
            song_count: How many of the outputs are songs.

        Raises:
            ModelMissing: a file is missing or unreadable.
        """
        folder = Path(folder)
        with reading("The recommender's autoencoder"), np.load(folder / FILE, allow_pickle=False) as arrays:
            layers = Layers(*[arrays[field.name] for field in fields(Layers)])
            song_arrays = _arrays_of("songs_", arrays)
            tag_arrays = _arrays_of("tags_", arrays)

            input_table = _open_table(folder / INPUT_FILE)
            output_table = _open_table(folder / OUTPUT_FILE)
            songs = OutputTable(output_table[:song_count], **song_arrays)
            tags = OutputTable(output_table[song_count:], **tag_arrays)
        return cls(input_table, layers, songs, tags)


def _open_table(file: Path) -> np.ndarray:
    """A table that stays in its file, bfloat16 [rows, hidden]."""
    mapped = np.load(file, mmap_mode="r", allow_pickle=False)
    return np.asarray(mapped).view(bfloat16)


def _arrays_of(prefix: str, arrays: np.lib.npyio.NpzFile) -> dict[str, Any]:
    """The arrays whose names begin with a prefix, by the rest of their names."""
    selected = {}
    for name in arrays:
        if name.startswith(prefix):
            selected[name.removeprefix(prefix)] = arrays[name]
    return selected


def _leaky(values: np.ndarray) -> np.ndarray:
    return np.where(values > 0, values, SLOPE * values)
