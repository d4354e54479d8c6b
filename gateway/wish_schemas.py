"""What may be wished of a playlist in POST /recommend, and what its certificate tells of that."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from aiplayer.playlist.wishes.wish import MOST_SONGS, OTHER, KeptSong, Order
from gateway.request_fields import Id, Request, Text

MOST_MINUTES = 600
COUNTRY = re.compile(r"[A-Z]{2}")


class KeepWish(Request):
    """A song that must be in the list, at `place` where one is given."""

    song_id: Id
    place: int | None = Field(default=None, ge=1, le=MOST_SONGS, description="From 1 on; default: anywhere.")

    @property
    def kept_song(self) -> KeptSong:
        """As the domain has it."""
        return KeptSong(self.song_id, self.place)


class YearsWish(Request):
    """The years of issue, both included; one end may be open."""

    first: int | None = Field(default=None, ge=1, le=9999, alias="from")
    last: int | None = Field(default=None, ge=1, le=9999, alias="to")


def _without_repeats(keep: list[KeepWish]) -> list[KeepWish]:
    song_ids = [wish.song_id for wish in keep]
    places = [wish.place for wish in keep if wish.place is not None]
    for values, name in ((song_ids, "song"), (places, "place")):
        repeated = next((value for value in values if values.count(value) > 1), None)
        if repeated is not None:
            raise ValueError(f"must name each {name} once; {name} {repeated} is named twice")
    return keep


def _in_order(years: YearsWish) -> YearsWish:
    if years.first is None and years.last is None:
        raise ValueError("must have `from`, `to` or both")
    if years.first is not None and years.last is not None and years.first > years.last:
        raise ValueError(f"must not end ({years.last}) before they begin ({years.first})")
    return years


def _shares(countries: dict[str, int]) -> dict[str, int]:
    for name in countries:
        if name != OTHER and not COUNTRY.fullmatch(name):
            raise ValueError(f'must have ISO 3166 codes such as KR, or "{OTHER}", for names')
    if sum(countries.values()) > 100:
        raise ValueError(f"must sum to at most 100 percent, not {sum(countries.values())}")
    return countries


Keep = Annotated[
    list[KeepWish],
    Field(max_length=MOST_SONGS, fail_fast=True, description="Songs that must be in the list."),
    AfterValidator(_without_repeats),
]
YearRange = Annotated[
    YearsWish, Field(description="A song of unknown date does not keep this."), AfterValidator(_in_order)
]
Countries = Annotated[
    dict[str, Annotated[int, Field(ge=0, le=100)]],
    Field(
        max_length=20,
        description='Percent of the songs by ISO 3166 code, or "other" for all countries that are not named.',
    ),
    AfterValidator(_shares),
]
Genres = Annotated[
    list[Text],
    Field(max_length=50, fail_fast=True, description="Each song has at least one of these genres."),
]
Minutes = Annotated[
    float, Field(gt=0, le=MOST_MINUTES, description="How long the list plays; the number of songs follows from it.")
]
ToleranceS = Annotated[float, Field(ge=0, le=600, description="By how many seconds the length may be missed.")]
ArtistGap = Annotated[
    int, Field(ge=0, le=20, description="At least so many other songs stand between two of one artist.")
]
SongOrder = Annotated[Order, Field(strict=False, description="How the songs follow each other.")]


class CertificateEntry(BaseModel):
    """What the list keeps of a wish: `asked` and `got` can be compared, `why` is there where it is not kept."""

    wish: str
    asked: Any
    got: Any
    kept: bool
    why: str | None
