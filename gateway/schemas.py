"""What clients may ask and what they get: the shapes of every request and answer, with their bounds."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from aiplayer.playlist.wishes.wish import Order
from aiplayer.titles.reading.mentions import Kind
from gateway.request_fields import GenerationId, Id, Request, Text, Title
from gateway.wish_schemas import (
    ArtistGap,
    CertificateEntry,
    Countries,
    Genres,
    Keep,
    Minutes,
    SongOrder,
    ToleranceS,
    YearRange,
)


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
    ignore: Ignore = Field(default=[])


class RecommendRequest(Request):
    """Make a playlist for a title, from chosen playlists and new songs, that keeps the wishes."""

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
    ignore: Ignore = Field(default=[])
    keep: Keep = Field(default=[])
    years: YearRange | None = None
    countries: Countries = Field(default={})
    genres_only: Genres = Field(default=[])
    length_min: Minutes | None = None
    length_tolerance_s: ToleranceS = 5
    artist_gap: ArtistGap = 0
    order: SongOrder = Order.RANKED


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

    `unknown_artists` are those of `exclude_artists` whom the catalogue does not know. `certificate` tells of each wish
    what the list keeps; without wishes it is empty.
    """

    generation_id: UUID
    songs: list[RecommendedSong]
    tags: list[str]
    read: list[ReadThing]
    unknown_artists: list[str]
    certificate: list[CertificateEntry] = []


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
