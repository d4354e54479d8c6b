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

import numpy as np

from aiplayer.files import reading
from aiplayer.recommender.questions import BRANCHES, FEATURES, Said, softmax

FILE = "ranker.npz"
HIDDEN = 32
EVIDENCE = 2 * len(BRANCHES) + 1 + len(FEATURES)
# A probability of less than this is as good as none; and what brings evidence to about 1.
LEAST, SCALE = 1e-6, 5.0


def evidence(said: Said, uses: np.ndarray, features: np.ndarray) -> np.ndarray:
    """What the network sees of the candidates of one question, float32 [columns, EVIDENCE].

    Args:
        said: What the branches say.
        uses: In how many playlists each column stands, float32 [columns].
        features: Of the question (`aiplayer.recommender.questions.features`), float32 [features].
    """
    likely = np.log1p(said.probabilities / LEAST)
    behind = np.where(likely > 0, likely - likely.max(axis=0, initial=0.0), 0.0)
    context = np.broadcast_to(features, (len(likely), len(features)))
    return np.hstack([likely, behind, np.log1p(uses)[:, np.newaxis], context], dtype=np.float32) / np.float32(SCALE)


@dataclass(frozen=True)
class Network:
    """The weights of the sum and of an MLP with two hidden layers of HIDDEN rectified units.

    Attributes:
        weights: w [branches], then kernel and bias of each layer: [EVIDENCE, HIDDEN], [HIDDEN], [HIDDEN, HIDDEN],
            [HIDDEN], [HIDDEN, 1], [1], float32.
    """

    weights: Sequence[np.ndarray]

    @classmethod
    def untrained(cls) -> "Network":
        """The geometric mean of the branches' probabilities."""
        shapes = (EVIDENCE, HIDDEN), (HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN, 1), (1,)
        mean = np.full(len(BRANCHES), SCALE / len(BRANCHES), dtype=np.float32)
        return cls([mean, *(np.zeros(shape, dtype=np.float32) for shape in shapes)])

    def rank(self, said: Said, uses: np.ndarray, features: np.ndarray) -> np.ndarray:
        """How likely each candidate is, float32 [columns], summing to 1; the arguments are `evidence`'s."""
        return softmax(self.logits(evidence(said, uses, features)))

    def logits(self, seen: np.ndarray) -> np.ndarray:
        """`evidence` -> float32 [columns]."""
        weights, first, first_bias, second, second_bias, last, last_bias = self.weights
        hidden = np.maximum(np.maximum(seen @ first + first_bias, 0) @ second + second_bias, 0)
        return seen[:, : len(BRANCHES)] @ weights + (hidden @ last)[:, 0] + last_bias


@dataclass(frozen=True)
class Ranker:
    """A network for songs and one for tags."""

    songs: Network
    tags: Network

    def save(self, folder: str | Path) -> None:
        """Write `ranker.npz`."""
        arrays = {f"{of}_{n}": array for of in ("songs", "tags") for n, array in enumerate(getattr(self, of).weights)}
        np.savez(Path(folder) / FILE, **arrays)

    @classmethod
    def load(cls, folder: str | Path) -> "Ranker":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the file is missing or unreadable.
        """
        with reading("The recommender's ranker"), np.load(Path(folder) / FILE, allow_pickle=False) as arrays:
            return cls(*(Network([arrays[f"{of}_{n}"] for n in range(7)]) for of in ("songs", "tags")))
