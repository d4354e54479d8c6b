"""What a creator may wish of a playlist beside its title. A wish that is not given asks for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# The share of all songs whose country is not named.
OTHER = "other"
# A list that follows from a length has no more songs.
MOST_SONGS = 100


class Order(StrEnum):
    """How the songs follow each other."""

    RANKED = "ranked"
    CALM_TO_LIVELY = "calm_to_lively"
    LIVELY_TO_CALM = "lively_to_calm"
    ARC = "arc"


@dataclass(frozen=True)
class KeptSong:
    """A song that must be in the list, at `place` (from 1 on) where one is given."""

    song_id: int
    place: int | None = None


@dataclass(frozen=True)
class Years:
    """Years of issue, both ends included; None where an end is open."""

    first: int | None = None
    last: int | None = None

    def hold(self, year: int | None) -> bool:
        """Whether a year is one of them; a year that nobody knows is not."""
        if year is None:
            return False
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)

    def __str__(self) -> str:
        if self.first is None:
            return f"{self.last} or before"
        if self.last is None:
            return f"{self.first} or later"
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


@dataclass(frozen=True)
class Length:
    """How long the list plays, and by how much it may miss that, in seconds."""

    seconds: float
    tolerance_s: float


@dataclass(frozen=True)
class Wishes:
    """All wishes for a playlist.

    Attributes:
        keep: Songs that must be in it.
        years: When its songs were issued.
        countries: Percent of its songs by ISO 3166 code, or OTHER; at most 100 in all.
        genres_only: Genres of which each song has at least one, as the catalogue writes them.
        length: How long it plays; the number of songs follows from it.
        artist_gap: At least so many other songs stand between two of one artist.
        order: How its songs follow each other.
    """

    keep: tuple[KeptSong, ...] = ()
    years: Years | None = None
    countries: Mapping[str, int] = field(default_factory=dict)
    genres_only: tuple[str, ...] = ()
    length: Length | None = None
    artist_gap: int = 0
    order: Order = Order.RANKED

    @property
    def are_given(self) -> bool:
        """Whether anything is wished."""
        return self != NO_WISHES

    @property
    def last_place(self) -> int:
        """The last place that a kept song has to take; 0 where none has one."""
        return max((kept.place or 0 for kept in self.keep), default=0)


NO_WISHES = Wishes()
