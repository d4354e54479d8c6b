"""What clients may ask and what they get: the shapes of every request and answer, with their bounds."""

import unicodedata
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from aiplayer.text import compose, is_unseen, trim
from aiplayer.titles.reading.mentions import Kind
from gateway.patterns import declare_empty_or_text, declare_text

MAX_TITLE_CHARACTERS = 200
MAX_PROMPT_CHARACTERS = 1_000
# What every program's numbers hold exactly; JSON knows no others.
MAX_ID = 2**53 - 1
# Control characters, and halves of surrogate pairs, which no database and no encoder can hold.
FORBIDDEN_CATEGORIES = {"Cc", "Cs"}


def _composed(longest: int) -> BeforeValidator:
    """Brings text into one form (NFC) before its characters, at most `longest`, are counted."""

    def composed(value: object) -> object:
        return compose(value, longest) if isinstance(value, str) else value

    return BeforeValidator(composed)


def _readable(text: str) -> str:
    """Trim; refuse text that shows nothing or holds characters that nobody can read."""
    if is_unseen(text):
        raise ValueError("must not be empty or only white space")
    return _without_control(text)


def _readable_or_empty(text: str) -> str:
    """What shows nothing is empty; else as `_readable`."""
    return "" if is_unseen(text) else _without_control(text)


def _without_control(text: str) -> str:
    """Trim; refuse characters that nobody can read."""
    text = trim(text)
    if any(unicodedata.category(character) in FORBIDDEN_CATEGORIES for character in text):
        raise ValueError("must not hold control characters")
    return text


def _whole(value: object) -> object:
    """A number without a fraction as an integer, for JSON does not tell 3.0 from 3; everything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Text = Annotated[
    str,
    Field(max_length=MAX_TITLE_CHARACTERS, json_schema_extra=declare_text),
    _composed(MAX_TITLE_CHARACTERS),
    AfterValidator(_readable),
]
Prompt = Annotated[
    str,
    Field(max_length=MAX_PROMPT_CHARACTERS, json_schema_extra=declare_empty_or_text),
    _composed(MAX_PROMPT_CHARACTERS),
    AfterValidator(_readable_or_empty),
]
Title = Annotated[
    Text, Field(description="The playlist's title, Korean or English.", examples=["비 오는 날 카페에서 듣는 재즈"])
]
Id = Annotated[int, Field(ge=0, le=MAX_ID), BeforeValidator(_whole)]
# JSON has no UUIDs, so a string must do even where types are strict.
GenerationId = Annotated[UUID, Field(strict=False, description="From the answer of POST /recommend.")]


# What /thumbnail answers: one picture, or several.
class Request(BaseModel):
    """Types are not guessed ("3" is no number) and unknown fields are refused.

    One fault is told. Lists stop at their first (`fail_fast`), for to find 75,000 of them takes half a second, in which
    nobody else is served.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _prepare(cls, body: Any) -> Any:
        if not isinstance(body, dict):
            return body

        fields = {name: _whole(value) for name, value in body.items() if name in cls.model_fields}
        for name, value in body.items():
            if name not in fields:
                return fields | {name: value}
        return fields


class IgnoredThing(Request):
    """Something that the title seems to name and the creator does not mean."""

    kind: Kind = Field(strict=False)
    value: Text


Ignore = Annotated[
    list[IgnoredThing],
    Field(max_length=50, fail_fast=True, description="What of the title's reading is not meant, from `read`."),
]


class SimilarRequest(Request):
    """Which playlists fit a title?"""

    title: Title
    count: int = Field(default=3, ge=1, le=100, description="How many playlists.")
    ignore: Ignore = []


class RecommendRequest(Request):
    """Make a playlist for a title, from chosen playlists and new songs."""

    title: Title
    playlist_ids: list[Id] = Field(
        default=[], max_length=50, fail_fast=True, description="The chosen playlists, from POST /similar."
    )
    similarity: int = Field(default=30, ge=0, le=100, description="Percentage of songs from the chosen playlists.")
    song_count: int = Field(default=20, ge=1, le=100)
    tag_count: int = Field(default=5, ge=0, le=50)
    exclude_song_ids: list[Id] = Field(default=[], max_length=1_000, fail_fast=True)
    exclude_artists: list[Text] = Field(
        default=[],
        max_length=100,
        fail_fast=True,
        description="Case, width, accents, spaces and punctuation do not matter.",
    )
    songs_per_artist: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="Most songs of one artist. Default: 3 in 20, and any number of an artist whom the title names.",
    )
    ignore: Ignore = []


class LikeRequest(Request):
    """Like a generation, or take the like back."""

    generation_id: GenerationId
    liked: bool = True


class SongAnswer(BaseModel):
    """A song of the catalogue."""

    model_config = ConfigDict(from_attributes=True)

    song_id: int
    name: str
    artists: list[str]


class PlaylistAnswer(BaseModel):
    """A playlist of the catalogue."""

    model_config = ConfigDict(from_attributes=True)

    playlist_id: int
    title: str
    tags: list[str]
    songs: list[SongAnswer]


class ReadThing(BaseModel):
    """Something that the title names: `span` holds the characters that say it, from and to."""

    kind: Kind
    value: str
    span: tuple[int, int]


class SimilarPlaylist(PlaylistAnswer):
    """A playlist and how well it fits the title, 0 to 1: by its songs, by its title, by what the title names."""

    score: float


class SimilarAnswer(BaseModel):
    """The most similar first, and what was read of the title."""

    playlists: list[SimilarPlaylist]
    read: list[ReadThing]


class GivenSong(SongAnswer):
    """`source` is "seed" for a song of a chosen playlist, else "new"."""

    genres: list[str]
    score: float
    source: str


class GenerationAnswer(BaseModel):
    """A playlist that was recommended: for which title, from which chosen playlists, which songs in which order."""

    generation_id: UUID
    title: str
    playlist_ids: list[int]
    songs: list[GivenSong]
    tags: list[str]


class RecommendedSong(GivenSong):
    """`because` names what moved the song up."""

    because: str


class RecommendAnswer(BaseModel):
    """A playlist: songs by score, hashtags without the #, what was read of the title, and what was not found.

    `unknown_artists` are those of `exclude_artists` whom the catalogue does not know.
    """

    generation_id: UUID
    songs: list[RecommendedSong]
    tags: list[str]
    read: list[ReadThing]
    unknown_artists: list[str]


class LikeAnswer(BaseModel):
    """What is stored now."""

    generation_id: UUID
    liked: bool


class AboutAnswer(BaseModel):
    """`translates_titles`: whether titles that are not in plain Latin letters are sent to Google Translate.

    `model_set` is the name of the models that answer, as the header X-Model-Set of every answer says it.
    """

    translates_titles: bool
    model_set: str


class Problem(BaseModel):
    """What went wrong."""

    code: str
    message: str
    field: str | None = None


class ErrorAnswer(BaseModel):
    """The body of every 4xx and 5xx."""

    error: Problem
