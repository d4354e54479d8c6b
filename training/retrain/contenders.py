"""Two recommenders that are held against each other, and what is noted of it."""

from dataclasses import asdict, dataclass
from pathlib import Path

from aiplayer.recommender.recommender import Recommender
from training.titles.embedding import Embed


@dataclass(frozen=True)
class Contender:
    """A recommender that is asked.

    Attributes:
        recommender: It.
        embed: Titles -> float32 [titles, size], by its encoder.
        size_bytes: How large its files are.
        song_count: How many songs it has learned.
    """

    recommender: Recommender
    embed: Embed
    size_bytes: int

    @property
    def song_count(self) -> int:
        """How many songs it has learned."""
        return self.recommender.vocabulary.song_count


@dataclass(frozen=True)
class Check:
    """One thing that was held against a limit.

    Attributes:
        name: What it is.
        old: The figure of the recommender in use.
        new: The figure of the new one.
        limit: What the new one has to keep, for a person.
        holds: Whether it does; None where nobody can tell.
        low: The low end of the interval of new − old; NaN where there is none.
        high: Its high end.
    """

    name: str
    old: float
    new: float
    limit: str
    holds: bool | None
    low: float = float("nan")
    high: float = float("nan")

    def as_dict(self) -> dict[str, object]:
        """For JSON, which knows no NaN."""
        return {name: None if value != value else value for name, value in asdict(self).items()}


def size_of(folder: str | Path) -> int:
    """How large the files of a folder are, in bytes."""
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
