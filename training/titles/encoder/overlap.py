"""What playlists share: their songs and tags as sparse vectors, rare ones heavier, and which playlists are held out."""

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix, diags, hstack

from training.arena.corpus import Corpus

MOST_HELD_OUT = 1_000
HELD_OUT_SHARE = 0.05
HELD_OUT_SEED = 0


def split(playlists: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Playlists to learn from, and those that are held out: the same for every fit and every measure of one file.

    Args:
        playlists: A frame with the columns of `training.dataset.frames.PLAYLIST_COLUMNS`.

    Returns:
        (the playlists to learn from, a twentieth of all but at most MOST_HELD_OUT).
    """
    count = min(MOST_HELD_OUT, int(HELD_OUT_SHARE * len(playlists)))
    order = np.random.default_rng(HELD_OUT_SEED).permutation(len(playlists))
    is_held_out = np.zeros(len(playlists), dtype=bool)
    is_held_out[order[:count]] = True
    return playlists.filter(~is_held_out), playlists.filter(is_held_out)


def item_vectors(playlists: pl.DataFrame) -> csr_matrix:
    """TF-IDF of songs and tags: the dot product of two playlists is 1 where they hold the same, 0 where nothing.

    An item that stands in n of N playlists weighs log(N / n).

    Args:
        playlists: A frame with the columns of `training.dataset.frames.PLAYLIST_COLUMNS`.

    Returns:
        float32 [playlists, songs + tags], rows of unit length; zeros where a playlist holds nothing.
    """
    corpus = Corpus(playlists)
    items = csr_matrix(hstack([corpus.songs, corpus.tag_uses]), dtype=np.float32)
    counts = np.concatenate([corpus.song_counts, corpus.tag_counts])
    inverse_frequency = np.log(len(playlists) / counts).astype(np.float32)
    weighted = items @ diags(inverse_frequency)

    squares = weighted.multiply(weighted).sum(axis=1)
    lengths = np.sqrt(np.asarray(squares).ravel())
    rows = diags(1 / np.maximum(lengths, 1e-9)) @ weighted
    return csr_matrix(rows, dtype=np.float32)
