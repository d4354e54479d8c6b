"""From scores to an answer of the arena: the best songs and tags that the question does not name."""

import numpy as np

from training.arena.baselines import Method
from training.arena.corpus import Corpus, Question

SONGS, TAGS = 100, 10


def answer(corpus: Corpus, method: Method, question: Question) -> dict:
    """The arena's record: id, SONGS songs and TAGS tags, best first; fewer only where the corpus has no more.

    Items without a score follow by popularity.
    """
    songs, tags = method.score(question)
    best_songs = best(songs, corpus.song_counts, corpus.song_columns(question.songs), SONGS)
    best_tags = best(tags, corpus.tag_counts, corpus.tag_columns(question.tags), TAGS)
    return {
        "id": question.playlist_id,
        "songs": [corpus.song_ids[column] for column in best_songs],
        "tags": [corpus.tags[column] for column in best_tags],
    }


def best(scores: np.ndarray, counts: np.ndarray, excluded: np.ndarray, wanted: int) -> np.ndarray:
    """The columns of highest score, equal ones by count and then by column, none of `excluded`."""
    allowed = np.ones(len(scores), dtype=bool)
    allowed[excluded] = False
    candidates = np.flatnonzero(allowed & (scores > 0))
    if len(candidates) < wanted:
        others = np.flatnonzero(allowed & (scores <= 0))
        candidates = np.concatenate([candidates, _greatest(others, counts, wanted)])
    candidates = _greatest(candidates, scores, wanted)
    return candidates[np.lexsort((candidates, -counts[candidates], -scores[candidates]))][:wanted]


def _greatest(columns: np.ndarray, values: np.ndarray, wanted: int) -> np.ndarray:
    """The columns whose value is among the `wanted` greatest, with all that equal the least of these."""
    if len(columns) <= wanted:
        return columns
    least = np.partition(values[columns], -wanted)[-wanted]
    return columns[values[columns] >= least]
