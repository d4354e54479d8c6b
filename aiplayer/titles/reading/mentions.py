"""What a title can name: the kinds, what a word means, and where a title names it."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of things that a title names; the value is what the lexicon and the answers call it."""

    ARTIST = "artist"
    GENRE = "genre"
    ERA = "era"
    COUNTRY = "country"
    MOOD = "mood"
    ACTIVITY = "activity"
    OCCASION = "occasion"
    PLACE = "place"
    HOUR = "hour"
    WEATHER = "weather"
    SEASON = "season"
    THING = "thing"


@dataclass(frozen=True)
class Meaning:
    """One thing that a word names.

    Attributes:
        kind: What kind of thing it is.
        value: Which one, in English: "hip hop", "rain"; an era as "1990-1999", a country as its ISO code.
        wanted: False where the word refuses it, as "팝송" refuses Korean songs.
    """

    kind: Kind
    value: str
    wanted: bool = True


@dataclass(frozen=True)
class Mention:
    """One thing that a title names.

    Attributes:
        kind: What kind of thing it is.
        value: Which one, as in `Meaning`.
        span: The characters of the title that name it, from and to.
        sure: How sure the reading is, from 0 to 1.
        wanted: False where the title refuses it, as in "no ballads".
    """

    kind: Kind
    value: str
    span: tuple[int, int]
    sure: float = 1.0
    wanted: bool = True


class Wish(StrEnum):
    """Whose songs a title wants that names an artist."""

    OWN = "own"
    LIKE = "like"
    OPEN = "open"


@dataclass(frozen=True)
class Reading:
    """What a title says.

    Attributes:
        mentions: What it names or refuses, in the order of the title.
        artists: For the value of each artist's mention the positions in the catalogue; none where the catalogue has
            nothing of the artist.
        wish: Whose songs it wants.
        words: What it was split into, in lower case, without particles and endings.
    """

    mentions: tuple[Mention, ...] = ()
    artists: dict[str, tuple[int, ...]] = field(default_factory=dict)
    wish: Wish = Wish.OPEN
    words: tuple[str, ...] = ()

    def wanted(self, *kinds: Kind) -> list[Mention]:
        """The mentions of these kinds that the title asks for."""
        return [mention for mention in self.mentions if mention.wanted and mention.kind in kinds]

    def refused(self, *kinds: Kind) -> list[Mention]:
        """The mentions of these kinds that the title does not want."""
        return [mention for mention in self.mentions if not mention.wanted and mention.kind in kinds]

    def within(self, span: tuple[int, int]) -> "Reading":
        """What these characters of the title name, from and to."""
        start, stop = span
        named = [mention for mention in self.mentions if mention.span[0] < stop and start < mention.span[1]]
        return Reading(tuple(named))

    def without(self, ignored: Collection[tuple[str, str]]) -> "Reading":
        """The reading without what somebody has struck out of it, as (kind, value)."""
        kept = [mention for mention in self.mentions if (mention.kind, mention.value) not in ignored]
        return replace(self, mentions=tuple(kept))


NOTHING_READ = Reading()
