"""Goes on from a trained autoencoder: what both know begins where that one has ended, and only what is new at nothing.

So a retraining takes a fraction of the time, and lists that nobody taught anything about stay much as they are. What is
gone on from has never seen what creators taught; so what they take back leaves nothing behind.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np

from aiplayer.recommender.autoencoder import ServedAutoencoder
from aiplayer.recommender.vocabulary import Vocabulary
from training.recommender.network import PlaylistAutoencoder


@dataclass(frozen=True)
class WarmStart:
    """A trained autoencoder, as it is served, and what its rows are."""

    autoencoder: ServedAutoencoder
    vocabulary: Vocabulary

    def put_into(self, model: PlaylistAutoencoder, vocabulary: Vocabulary) -> None:
        """Begin a model with what is known.

        Args:
            model: Of equal layers; its rows may be others.
            vocabulary: What its rows are.
        """
        known, old_rows = _matching_rows(vocabulary, self.vocabulary)
        input_table = model.input_table.numpy()
        input_table[known] = self.autoencoder.input_table[old_rows].astype(np.float32)
        model.input_table.assign(input_table)

        # Songs and tags come first in both.
        is_column = known < vocabulary.columns
        columns, old_columns = known[is_column], old_rows[is_column]
        output_table, output_bias = model.output_table.numpy(), model.output_bias.numpy()
        served = self.autoencoder
        output_table[columns] = np.concatenate([served.songs.table, served.tags.table])[old_columns].astype(np.float32)
        output_bias[columns] = np.concatenate([served.songs.bias, served.tags.bias])[old_columns]
        model.output_table.assign(output_table)
        model.output_bias.assign(output_bias)

        layers = served.layers
        model.title_projection.set_weights([layers.title_projection])
        model.norm.set_weights([layers.norm_scale, layers.norm_shift])
        model.dense.set_weights([layers.dense, layers.dense_bias])


def _matching_rows(new: Vocabulary, old: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """The rows of what both vocabularies hold, int64 each: in the new one, and in the old one."""
    old_rows = {name: row for row, name in enumerate(_names(old))}
    pairs = [(row, old_rows[name]) for row, name in enumerate(_names(new)) if name in old_rows]
    rows = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]


def _names(vocabulary: Vocabulary) -> Iterator[tuple[str, Hashable]]:
    """What each row stands for, with its kind."""
    kinds = {
        "song": vocabulary.song_ids,
        "tag": vocabulary.tags,
        "term": vocabulary.terms,
        "artist": vocabulary.artists,
    }
    for kind, names in kinds.items():
        for name in names:
            yield kind, name
