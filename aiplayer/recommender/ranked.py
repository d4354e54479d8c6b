"""The best of what was ranked, by rows of the vocabulary, and as those who asked know it."""

from dataclasses import dataclass

import numpy as np

from aiplayer.arrays import sorted_top_k
from aiplayer.recommender.reasons import Cause
from aiplayer.recommender.request import RankedSong, Request
from aiplayer.recommender.vocabulary import Vocabulary


@dataclass(frozen=True)
class RankedRows:
    """Songs as rows of the vocabulary, int64, and how likely each is, float32; best first."""

    rows: np.ndarray
    scores: np.ndarray


def best_rows(rows: np.ndarray, scores: np.ndarray, count: int) -> RankedRows:
    """The rows of the greatest scores, or all where there are not so many.

    Args:
        rows: int64 [n].
        scores: float32 [n].
        count: How many are wanted.
    """
    best = sorted_top_k(scores, count)
    return RankedRows(rows[best], scores[best])


def named_songs(vocabulary: Vocabulary, ranked: RankedRows, causes: list[Cause | None]) -> list[RankedSong]:
    """The ranked songs by their ids, each with its cause where it has one."""
    songs = []
    for row, score, cause in zip(ranked.rows, ranked.scores.tolist(), causes, strict=True):
        song_id = int(vocabulary.song_ids[row])
        if cause is None:
            songs.append(RankedSong(song_id, score))
        else:
            songs.append(RankedSong(song_id, score, cause.song_id, cause.tag, cause.word))
    return songs


def unknown_songs(vocabulary: Vocabulary, request: Request) -> list[RankedSong]:
    """Songs of the request that the recommender has never seen, in their own order."""
    excluded = set(request.exclude_song_ids)
    unknown = []
    for song_id in dict.fromkeys(request.song_ids):
        if song_id not in excluded and not vocabulary.knows_song(song_id):
            unknown.append(RankedSong(song_id, score=0.0))
    return unknown
