"""Why songs are recommended: what is known of the playlist, each by itself, and what it speaks for."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

from aiplayer.branches import Branches
from aiplayer.ngrams import word_ngrams, words
from aiplayer.questions import Known
from aiplayer.vocabulary import Vocabulary

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
    causes = [_causes(branches.vocabulary, known, title) for known, title, _ in asked]
    states = branches.states_of([kinds for some in causes for _, kinds in some])
    found = []
    bounds = pairwise(accumulate(map(len, causes), initial=0))
    for some, (start, stop), (_, _, songs) in zip(causes, bounds, asked, strict=True):
        if not some or not len(songs):
            found.append([{}] * len(songs))
            continue
        rows = branches.songs.table[songs].astype(np.float32) - branches.songs.mean_row
        found.append([some[cause][0] for cause in (states[start:stop] @ rows.T).argmax(axis=0)])
    return found


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
    for word, spelled in zip(title.split(), words(title), strict=False):
        rows = vocabulary.ngram_rows(word_ngrams(spelled))
        causes += [({"because_word": word}, [NONE, NONE, rows, NONE])] if len(rows) else []
    return causes
