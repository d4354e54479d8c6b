"""How well models answer, and how sure it is that one answers better than another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.arena.answers import TAGS
from training.arena.cases import MIX, Case, are_same_playlists
from training.arena.metrics import (
    LONGEST,
    coverage,
    distinct_artists,
    interval,
    mean,
    mix,
    ndcg,
    recall,
    resampled_means,
)

SEED = 0
FIRST_SONGS = 20
SONG, TAG, TOTAL, ALL = "song", "tag", "total", "mix"
Place = tuple[str, str]


@dataclass(frozen=True)
class Result:
    """What one model reached in one case.

    Attributes:
        ndcg: float64 [questions, 2]: song nDCG@100 and tag nDCG@10, this NaN where a question hides no tag.
        recall: Mean song recall@100.
        coverage: Songs in all its answers over songs learnt.
        artists: Mean number of artists in the first FIRST_SONGS songs; NaN where none is known.
    """

    ndcg: np.ndarray
    recall: float
    coverage: float
    artists: float


@dataclass(frozen=True)
class Difference:
    """A difference of means with the ends of its interval."""

    mean: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


def evaluate(
    case: Case, answers: Sequence[dict], learnt_songs: int, artists: Mapping[int, Sequence[str]] | None = None
) -> Result:
    """Hold a model's answers to a case's questions, in the same order, against what these hide.

    Args:
        case: The case.
        answers: The arena's records.
        learnt_songs: How many songs the model knows.
        artists: Who sings each song, where that is known.
    """
    lists = [answer["songs"][:LONGEST] for answer in answers]
    tag_lists = [answer["tags"][:TAGS] for answer in answers]
    songs = [ndcg(*one) for one in zip(case.songs, lists, strict=True)]
    tags = [ndcg(hidden, found) if hidden else np.nan for hidden, found in zip(case.tags, tag_lists, strict=True)]
    recalls = [recall(*one) for one in zip(case.songs, lists, strict=True)]
    variety = [distinct_artists(ranked[:FIRST_SONGS], artists or {}) for ranked in lists]
    return Result(
        np.column_stack([songs, tags]),
        float(mean(np.array(recalls))),
        coverage(lists, learnt_songs),
        float(mean(np.array(variety))),
    )


def scores(cases: Sequence[Case], results: Sequence[Result]) -> dict[Place, float]:
    """Mean nDCG by (case, SONG or TAG), and of all cases by (ALL, SONG, TAG or TOTAL); NaN where there is none."""
    means = np.stack([mean(result.ndcg) for result in results])
    return dict(zip(_places(cases), _with_mix(cases, means).tolist(), strict=True))


def compare(cases: Sequence[Case], results: Sequence[Result], others: Sequence[Result]) -> dict[Place, Difference]:
    """How much more the first model scores than the other, by the places of `scores`.

    The questions are resampled in pairs of both models' answers; where all cases ask about the same playlists, a
    resample is of playlists, with all that was asked about each.
    """
    differences = [one.ndcg - other.ndcg for one, other in zip(results, others, strict=True)]
    random = np.random.default_rng(SEED)
    if are_same_playlists(cases):
        resampled = resampled_means(np.concatenate(differences, axis=1), random).reshape(-1, len(cases), 2)
    else:
        resampled = np.stack([resampled_means(one, random) for one in differences], axis=1)
    means = _with_mix(cases, np.stack([mean(one) for one in differences])).tolist()
    columns = zip(_places(cases), means, _with_mix(cases, resampled).T, strict=True)
    return {place: Difference(middle, *interval(column)) for place, middle, column in columns}


def _places(cases: Sequence[Case]) -> list[Place]:
    of_cases = [(case.name, kind) for case in cases for kind in (SONG, TAG)]
    return [*of_cases, (ALL, SONG), (ALL, TAG), (ALL, TOTAL)]


def _with_mix(cases: Sequence[Case], means: np.ndarray) -> np.ndarray:
    """float64 [..., cases, 2] -> [..., places]."""
    mixed = mix(means, np.array([MIX[case.name] for case in cases]))
    return np.concatenate([means.reshape(*means.shape[:-2], -1), mixed], axis=-1)
