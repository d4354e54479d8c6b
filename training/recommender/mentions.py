"""Learns from playlists how far the names in their titles can be believed."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags

from aiplayer.arrays import csr_from_rows
from aiplayer.recommender.mentions import Named, Naming
from aiplayer.recommender.playlist_neighbours import singers_of
from aiplayer.recommender.vocabulary import Vocabulary

# A name counts as if it had been seen this often before, and believed as often as names are on average.
SEEN_BEFORE = 5.0


def fit_naming(named: Sequence[Named], playlists: csr_matrix, vocabulary: Vocabulary) -> Naming:
    """Count what playlists hold of what their titles name.

    Args:
        named: What the title of each playlist names.
        playlists: 0/1, float32 [playlists, songs + tags, or more].
        vocabulary: What the columns are.
    """
    songs = playlists[:, : vocabulary.song_count]
    tags = playlists[:, vocabulary.song_count : vocabulary.columns]
    filled = np.asarray(songs.sum(axis=1)).ravel()
    sung = (diags(1 / np.maximum(filled, 1)) @ songs @ singers_of(vocabulary)).tocsr()
    # A playlist without songs says nothing about singers, one without tags nothing about tags.
    artists = csr_from_rows(
        [one.artists if count else one.artists[:0] for one, count in zip(named, filled, strict=True)],
        len(vocabulary.artists),
    )
    tagged = np.diff(tags.tocsr().indptr) > 0
    said = csr_from_rows(
        [one.tags - vocabulary.song_count if some else one.tags[:0] for one, some in zip(named, tagged, strict=True)],
        len(vocabulary.tags),
    )
    return Naming(_trust(said, tags), _trust(artists, sung))


def _trust(named: csr_matrix, held: csr_matrix) -> np.ndarray:
    """float32 [names]: how much playlists hold, on average, of what their titles name."""
    times = np.asarray(named.sum(axis=0)).ravel()
    held = np.asarray(named.multiply(held).sum(axis=0)).ravel()
    usual = held.sum() / max(times.sum(), 1)
    return ((held + SEEN_BEFORE * usual) / (times + SEEN_BEFORE)).astype(np.float32)
