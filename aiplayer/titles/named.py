"""What the titles of a catalogue name of that which its songs do not tell: moods, hours, seasons, places and the like.

"쓸쓸한 가을 저녁" and "lonesome songs on an autumn evening" share no word, but they name the same things.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from aiplayer.arrays import csr_from_lengths
from aiplayer.titles.reading.mentions import Kind, Mention, Reading

# Genres, eras, countries and artists are looked for in the songs themselves (`aiplayer.recommender.facts`).
KINDS = (
    Kind.MOOD,
    Kind.ACTIVITY,
    Kind.OCCASION,
    Kind.PLACE,
    Kind.HOUR,
    Kind.WEATHER,
    Kind.SEASON,
    Kind.THING,
)


@dataclass(frozen=True)
class NamedThings:
    """Which playlists' titles name what.

    Attributes:
        things: What any title names, as "kind:value", "<U" [things].
        weights: How much each tells, float32 [things]: the logarithm of how rarely it is named.
        by_title: Whether a title names it, 0/1, float32 [playlists, things].
    """

    things: np.ndarray
    weights: np.ndarray
    by_title: csr_matrix

    @classmethod
    def of_titles(cls, readings: Sequence[Reading]) -> "NamedThings":
        """The things that the titles of a catalogue name.

        Args:
            readings: The reading of each title.
        """
        named = [sorted(_things(reading.wanted(*KINDS))) for reading in readings]
        counts = Counter(thing for things in named for thing in things)
        things = sorted(counts)
        columns = {thing: column for column, thing in enumerate(things)}

        flat = np.array([columns[thing] for of_title in named for thing in of_title], dtype=np.int64)
        by_title = csr_from_lengths(flat, [len(of_title) for of_title in named], len(things), np.float32)
        weights = np.array([np.log1p(len(readings) / counts[thing]) for thing in things], dtype=np.float32)
        return cls(np.array(things, dtype=str), weights, by_title)

    def shares(self, read: Reading) -> np.ndarray | None:
        """How much of what a title names each playlist's title names as well.

        Args:
            read: The reading of the title.

        Returns:
            float32 [playlists], 1 for all of it, below 0 where a playlist's title names what this one refuses; None
            where the title names nothing that any of them names.
        """
        wanted = np.isin(self.things, sorted(_things(read.wanted(*KINDS))))
        refused = np.isin(self.things, sorted(_things(read.refused(*KINDS))))
        asked = (wanted | refused) * self.weights
        if not asked.any():
            return None
        return self.by_title @ (np.where(refused, -asked, asked) / asked.sum()).astype(np.float32)

    def arrays(self) -> dict[str, np.ndarray]:
        """As arrays that can be saved, for `from_arrays`."""
        lengths = np.diff(self.by_title.indptr)
        return {"things": self.things, "weights": self.weights, "named": self.by_title.indices, "lengths": lengths}

    @classmethod
    def from_arrays(
        cls, things: np.ndarray, weights: np.ndarray, named: np.ndarray, lengths: np.ndarray
    ) -> "NamedThings":
        """From what `arrays` gave."""
        return cls(things, weights, csr_from_lengths(named, lengths, len(things), np.float32))


def _things(mentions: Iterable[Mention]) -> set[str]:
    return {f"{mention.kind}:{mention.value}" for mention in mentions}
