"""What a title can name: the kinds, what a word means, and where a title names it."""

from dataclasses import dataclass
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
