"""Why songs are recommended: what is known of the playlist, each by itself, and what it speaks for."""

from collections.abc import Sequence

import numpy as np

from aiplayer.recommender.branches import Branches
from aiplayer.recommender.questions import Known
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.text import spaced_words, word_ngrams

NONE = np.array([], dtype=np.int64)
Cause = tuple[dict, list[np.ndarray]]


def reasons(branches: Branches, asked: Sequence[tuple[Known, str, np.ndarray]]) -> list[list[dict]]:
    """For each song, which of the known songs, tags and title words speaks for it most when asked alone.

    Args:
        branches: Of which the autoencoder is asked.
        asked: For each wish what is known, its title, whose words can be reasons, and rows of songs, int64 [songs].

    Returns:
        For each wish and song one of because_song_id, because_tag and because_word, or nothing.
    """
    return [_reasons(branches, *wish) for wish in asked]


def _reasons(branches: Branches, known: Known, title: str, songs: np.ndarray) -> list[dict]:
    causes = _causes(branches.vocabulary, known, title)
    if not causes or not len(songs):
        return [{}] * len(songs)
    states = branches.autoencoder.states([kinds for _, kinds in causes])
    decoder = branches.autoencoder.songs
    rows = decoder.table[songs].astype(np.float32) - decoder.mean_row
    return [causes[cause][0] for cause in (states @ rows.T).argmax(axis=0)]


def _causes(vocabulary: Vocabulary, known: Known, title: str) -> list[Cause]:
    """What can be named as a reason, and its rows of each kind."""
    causes = [
        (
            {"because_song_id": int(vocabulary.song_ids[row])},
            [np.array([row]), NONE, NONE, vocabulary.artist_rows([row])],
        )
        for row in known.songs
    ]
    causes += [
        ({"because_tag": vocabulary.tags[row - vocabulary.song_count]}, [NONE, np.array([row]), NONE, NONE])
        for row in known.tags
    ]
    for word, spelled in zip(title.split(), spaced_words(title), strict=False):
        rows = vocabulary.ngram_rows(word_ngrams(spelled))
        causes += [({"because_word": word}, [NONE, NONE, rows, NONE])] if len(rows) else []
    return causes
