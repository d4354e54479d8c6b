"""How well models answer, and how sure it is that one answers better than another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.arena.answers import TAGS
from training.arena.cases import MIX, Case, are_same_playlists
from training.arena.metrics import coverage, distinct_artists, interval, mean, mix, recall, resampled_means
from training.ndcg import ndcg

SEED = 0
FIRST_SONGS = 20
# The greatest length of an ideal list, for tags too, as in the Melon playlist continuation arena.
CUTOFF = 100
SONG = "song"
TAG = "tag"
TOTAL = "total"
ALL = "mix"
# A figure's place in the table: the name of a case or ALL; SONG, TAG or TOTAL.
Place = tuple[str, str]


@dataclass(frozen=True)
class Result:
    """What one model reached in one case.

    Attributes:
        ndcg: float64 [questions, 2]: song nDCG@100 and tag nDCG@10; the second is NaN where a question hides no tag.
        recall: Mean song recall@100.
        coverage: Songs in all its answers over songs that the model has learned.
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
    case: Case, answers: Sequence[dict], song_count: int, artists: Mapping[int, Sequence[str]] | None = None
) -> Result:
    """Hold a model's answers to a case's questions against what these hide.

    Args:
        case: The questions, with what each hides.
        answers: The arena's record for each question, in the same order.
        song_count: How many songs the model has learned.
        artists: Who sings each song, where that is known.
    """
    song_lists = []
    ndcgs = []
    recalls = []
    artist_counts = []
    for hidden_songs, hidden_tags, answer in zip(case.songs, case.tags, answers, strict=True):
        songs = answer["songs"][:CUTOFF]
        tags = answer["tags"][:TAGS]
        # A question that hides no song counts as 0, as in the Melon arena; one that hides no tag is passed over.
        song_ndcg = ndcg(hidden_songs, songs, CUTOFF) if hidden_songs else 0.0
        tag_ndcg = ndcg(hidden_tags, tags, CUTOFF)

        song_lists.append(songs)
        ndcgs.append([song_ndcg, tag_ndcg])
        recalls.append(recall(hidden_songs, songs))
        artist_counts.append(distinct_artists(songs[:FIRST_SONGS], artists or {}))

    return Result(
        ndcg=np.array(ndcgs),
        recall=float(mean(np.array(recalls))),
        coverage=coverage(song_lists, song_count),
        artists=float(mean(np.array(artist_counts))),
    )


def scores(cases: Sequence[Case], results: Sequence[Result]) -> dict[Place, float]:
    """Mean nDCG by (case, SONG or TAG), and of all cases by (ALL, SONG, TAG or TOTAL); NaN where there is none."""
    case_means = np.stack([mean(result.ndcg) for result in results])
    means = _with_mix(cases, case_means)
    return dict(zip(_places(cases), means.tolist(), strict=True))


def compare(cases: Sequence[Case], results: Sequence[Result], others: Sequence[Result]) -> dict[Place, Difference]:
    """How much more the first model scores than the other, by the places of `scores`.

    The questions are resampled in pairs of both models' answers; where all cases ask about the same playlists, a
    resample is of playlists, with all that was asked about each.

    Args:
        cases: What was asked.
        results: What the first model reached in each case.
        others: What the other model reached in each case.
    """
    differences = [result.ndcg - other.ndcg for result, other in zip(results, others, strict=True)]
    random = np.random.default_rng(SEED)
    if are_same_playlists(cases):
        by_playlist = np.concatenate(differences, axis=1)
        resampled = resampled_means(by_playlist, random).reshape(-1, len(cases), 2)
    else:
        resampled = np.stack([resampled_means(difference, random) for difference in differences], axis=1)

    case_means = np.stack([mean(difference) for difference in differences])
    means = _with_mix(cases, case_means).tolist()
    resamples = _with_mix(cases, resampled)

    compared = {}
    for column, place in enumerate(_places(cases)):
        low, high = interval(resamples[:, column])
        compared[place] = Difference(means[column], low, high)
    return compared


def _places(cases: Sequence[Case]) -> list[Place]:
    places = []
    for case in cases:
        places += [(case.name, SONG), (case.name, TAG)]
    return [*places, (ALL, SONG), (ALL, TAG), (ALL, TOTAL)]


def _with_mix(cases: Sequence[Case], means: np.ndarray) -> np.ndarray:
    """Append the mix of the cases: float64 [..., cases, 2] -> [..., places]."""
    weights = np.array([MIX[case.name] for case in cases])
    mixed = mix(means, weights)
    leading_shape = means.shape[:-2]
    by_place = means.reshape(*leading_shape, -1)
    return np.concatenate([by_place, mixed], axis=-1)
