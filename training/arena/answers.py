"""From scores to an answer of the arena: the best songs and tags that the question does not name."""

import numpy as np

from training.arena.baselines import Method
from training.arena.corpus import Corpus, Question

SONGS = 100
TAGS = 10


def answer(corpus: Corpus, method: Method, question: Question) -> dict:
    """The arena's record: id, SONGS songs and TAGS tags, best first; fewer only where the corpus has no more.

    Items without a score follow by popularity.

    Args:
        corpus: The playlists that the method looks at.
        method: Scores the songs and tags of the corpus.
        question: Its own songs and tags are never answered.
    """
    song_scores, tag_scores = method.score(question)
    best_songs = best(song_scores, corpus.song_counts, corpus.song_columns(question.songs), SONGS)
    best_tags = best(tag_scores, corpus.tag_counts, corpus.tag_columns(question.tags), TAGS)
    return {
        "id": question.playlist_id,
        "songs": [corpus.song_ids[column] for column in best_songs],
        "tags": [corpus.tags[column] for column in best_tags],
    }


def best(scores: np.ndarray, counts: np.ndarray, excluded: np.ndarray, most: int) -> np.ndarray:
    """The columns of highest score, equal ones by count and then by column.

    Args:
        scores: float64 [columns]; 0 says nothing.
        counts: float64 [columns], in how many playlists each column's item stands.
        excluded: int64, columns that must not be among the best.
        most: How many columns to give, or fewer where there are no more.
    """
    is_allowed = np.ones(len(scores), dtype=bool)
    is_allowed[excluded] = False
    candidates = np.flatnonzero(is_allowed & (scores > 0))
    if len(candidates) < most:
        unscored = np.flatnonzero(is_allowed & (scores <= 0))
        candidates = np.concatenate([candidates, _greatest(unscored, counts, most)])

    # To sort the few that can be among the best is much faster than to sort all.
    candidates = _greatest(candidates, scores, most)
    order = np.lexsort((candidates, -counts[candidates], -scores[candidates]))
    return candidates[order][:most]


def _greatest(columns: np.ndarray, values: np.ndarray, most: int) -> np.ndarray:
    """The columns whose value is among the `most` greatest, with all that equal the least of these."""
    if len(columns) <= most:
        return columns
    least = np.partition(values[columns], -most)[-most]
    return columns[values[columns] >= least]
