"""Where the branches of the recommender meet: a mixture whose shares depend on what is known of the playlist.

p(item | question) = Σ_b π_b(question) p_b(item), π = softmax(features W), over the branches that have anything to say.
Departure from a fixed hand-off n / (n + c) from title to items: the shares are fitted, to playlists that no branch has
seen (`training.blend`), so every mix of inputs gets its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aiplayer.errors import ModelMissing

BRANCHES = ("autoencoder", "neighbours", "titles", "artists", "named")
FEATURES = ("always", "songs", "tags", "title", "support", "named artists", "named tags")
# A trust of less than this in what a title names is none.
LEAST_TRUST = 1e-3
FILE = "blend.npz"


@dataclass(frozen=True)
class Blend:
    """Shares of the branches, for songs and for tags.

    Attributes:
        songs: float32 [features, branches].
        tags: The same.
    """

    songs: np.ndarray
    tags: np.ndarray

    def shares(self, features: np.ndarray, speaks: np.ndarray, of: str) -> np.ndarray:
        """float32 [questions, branches], each row summing to 1.

        Args:
            features: float32 [questions, features] (`features`).
            speaks: bool [questions, branches]: whether a branch has any score; one of them does.
            of: "songs" or "tags".
        """
        # Not by BLAS, whose order of adding depends on how many questions there are.
        weighed = (features[:, :, np.newaxis] * getattr(self, of)).sum(axis=1)
        logits = np.where(speaks, weighed, -np.inf)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)

    def save(self, folder: str | Path) -> None:
        """Write `blend.npz`."""
        np.savez(Path(folder) / FILE, songs=self.songs, tags=self.tags)

    @classmethod
    def load(cls, folder: str | Path) -> "Blend":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the file is missing or unreadable.
        """
        try:
            with np.load(Path(folder) / FILE, allow_pickle=False) as arrays:
                return cls(arrays["songs"], arrays["tags"])
        except (OSError, ValueError, KeyError) as error:
            raise ModelMissing("The recommender's blend cannot be read. Train it anew with `make setup`.") from error


def features(
    songs: Sequence[int],
    tags: Sequence[int],
    titled: Sequence[bool],
    support: np.ndarray,
    named: Sequence[np.ndarray],
) -> np.ndarray:
    """What the shares depend on, float32 [questions, FEATURES].

    Args:
        songs: How many known songs each question names.
        tags: How many known tags.
        titled: Whether it has a title.
        support: The weight of its nearest neighbour by items, 0 for none, float32 [questions].
        named: The trust in the artists that its title names, and in the tags, summed, float32 [questions] each.
    """
    counts = [np.log1p(np.asarray(numbers, dtype=np.float32)) for numbers in (songs, tags)]
    trust = [np.log(LEAST_TRUST + values) - np.log(LEAST_TRUST) for values in named]
    titled = np.asarray(titled, dtype=np.float32)
    return np.stack([np.ones_like(titled), *counts, titled, np.log1p(support), *trust], axis=1).astype(np.float32)
