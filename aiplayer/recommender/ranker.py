"""Where the branches of the recommender meet: a small network ranks each candidate by what all of them say of it.

logit(candidate) = w · l + MLP(l, l - max l, uses, features), with l the logarithms of the branches' probabilities.

Source: two stages, candidates and then a ranker over the scores of what proposed them, as in the best entries of the
RecSys Challenge 2018 (Zamani et al. 2019); the loss is the listwise softmax of ListNet (Cao et al. 2007). Departure
from a fixed hand-off n / (n + c) from title to items: the network sees what is known of the playlist, and is fitted to
playlists that no branch has seen (`training.recommender.ranker`), so every mix of inputs is ranked in its own way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aiplayer.files import reading
from aiplayer.recommender.votes import FEATURE_COUNT, Branch, Votes, softmax

FILE = "ranker.npz"
HIDDEN = 32
EVIDENCE = 2 * len(Branch) + 1 + FEATURE_COUNT
# A smaller probability is as good as none.
LEAST_PROBABILITY = 1e-6
# Brings evidence to about 1.
SCALE = 5.0


def gather_evidence(votes: Votes, uses: np.ndarray, features: np.ndarray) -> np.ndarray:
    """What the network sees of the candidates of one query, float32 [columns, EVIDENCE].

    Args:
        votes: What the branches say.
        uses: In how many playlists each column stands, float32 [columns].
        features: The query's features (`votes.query_features`), float32 [features].
    """
    likely = np.log1p(votes.probabilities / LEAST_PROBABILITY)
    best = likely.max(axis=0, initial=0.0)
    behind_best = np.where(likely > 0, likely - best, 0.0)

    log_uses = np.log1p(uses)[:, np.newaxis]
    # Every candidate of a query sees the same features.
    context = np.broadcast_to(features, (len(likely), len(features)))
    evidence = np.hstack([likely, behind_best, log_uses, context], dtype=np.float32)
    return evidence / np.float32(SCALE)


@dataclass(frozen=True)
class Network:
    """A weighted sum of the branches' logarithms, and an MLP with two hidden layers of HIDDEN rectified units.

    Attributes:
        weights: w [branches], then kernel and bias of each layer: [EVIDENCE, HIDDEN], [HIDDEN], [HIDDEN, HIDDEN],
            [HIDDEN], [HIDDEN, 1], [1], float32.
    """

    weights: Sequence[np.ndarray]

    @classmethod
    def untrained(cls) -> "Network":
        """The geometric mean of the branches' probabilities."""
        branch_count = len(Branch)
        sum_weights = np.full(branch_count, SCALE / branch_count, dtype=np.float32)
        weights = [sum_weights]
        for shape in [(EVIDENCE, HIDDEN), (HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN, 1), (1,)]:
            weights.append(np.zeros(shape, dtype=np.float32))
        return cls(weights)

    def rank(self, votes: Votes, uses: np.ndarray, features: np.ndarray) -> np.ndarray:
        """How likely each candidate is, float32 [columns], summing to 1; the arguments are `gather_evidence`'s."""
        evidence = gather_evidence(votes, uses, features)
        return softmax(self.logits(evidence))

    def logits(self, evidence: np.ndarray) -> np.ndarray:
        """float32 [columns, EVIDENCE] -> float32 [columns]."""
        sum_weights, kernel_1, bias_1, kernel_2, bias_2, kernel_3, bias_3 = self.weights

        hidden = np.maximum(evidence @ kernel_1 + bias_1, 0)
        hidden = np.maximum(hidden @ kernel_2 + bias_2, 0)
        correction = (hidden @ kernel_3)[:, 0]

        branch_logarithms = evidence[:, : len(Branch)]
        weighted_sum = branch_logarithms @ sum_weights
        return weighted_sum + correction + bias_3


@dataclass(frozen=True)
class Ranker:
    """A network for songs and one for tags."""

    songs: Network
    tags: Network

    def save(self, folder: str | Path) -> None:
        """Write `ranker.npz`."""
        arrays: dict[str, Any] = {}
        for number, weight in enumerate(self.songs.weights):
            arrays[f"songs_{number}"] = weight
        for number, weight in enumerate(self.tags.weights):
            arrays[f"tags_{number}"] = weight
        np.savez(Path(folder) / FILE, **arrays)

    @classmethod
    def load(cls, folder: str | Path) -> "Ranker":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the file is missing or unreadable.
        """
        file = Path(folder) / FILE
        numbers = range(len(Network.untrained().weights))
        with reading("The recommender's ranker"), np.load(file, allow_pickle=False) as arrays:
            song_weights = [arrays[f"songs_{number}"] for number in numbers]
            tag_weights = [arrays[f"tags_{number}"] for number in numbers]
        return cls(Network(song_weights), Network(tag_weights))
