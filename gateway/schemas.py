"""What clients may ask and what they get: the shapes of every request and answer, with their bounds."""

import unicodedata
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MAX_TITLE_CHARACTERS = 200
MAX_ID = 2**63 - 1
# Control characters, and halves of surrogate pairs, which no database and no encoder can hold.
FORBIDDEN_CATEGORIES = {"Cc", "Cs"}


def _readable(text: str) -> str:
    """Trim; refuse text that is empty or holds characters that nobody can read."""
    text = text.strip()
    if not text:
        raise ValueError("must not be empty or only white space")
    return _without_control(text)


def _without_control(text: str) -> str:
    if any(unicodedata.category(character) in FORBIDDEN_CATEGORIES for character in text):
        raise ValueError("must not hold control characters")
    return text


Text = Annotated[str, Field(max_length=MAX_TITLE_CHARACTERS), AfterValidator(_readable)]
Title = Annotated[
    Text, Field(description="The playlist's title, Korean or English.", examples=["비 오는 날 카페에서 듣는 재즈"])
]
Id = Annotated[int, Field(ge=0, le=MAX_ID)]
# JSON has no UUIDs, so a string must do even where types are strict.
GenerationId = Annotated[UUID, Field(strict=False, description="From the answer of POST /recommend.")]


class Request(BaseModel):
    """Types are not guessed ("3" is no number) and unknown fields are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SimilarRequest(Request):
    """Which playlists have similar titles?"""

    title: Title
    count: int = Field(default=3, ge=1, le=100, description="How many playlists.")


class RecommendRequest(Request):
    """Make a playlist for a title, from chosen playlists and new songs."""

    title: Title
    playlist_ids: list[Id] = Field(default=[], max_length=50, description="The chosen playlists, from POST /similar.")
    similarity: int = Field(default=30, ge=0, le=100, description="Percentage of songs from the chosen playlists.")
    song_count: int = Field(default=20, ge=1, le=100)
    tag_count: int = Field(default=5, ge=0, le=50)
    exclude_song_ids: list[Id] = Field(default=[], max_length=1_000)
    exclude_artists: list[Text] = Field(default=[], max_length=100, description="Case and width do not matter.")
    songs_per_artist: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="Most songs of one artist. Default: 3 in 20, and any number of an artist whom the title names.",
    )


class ThumbnailRequest(Request):
    """Paint 16:9 pictures for a title."""

    title: Title
    generation_id: GenerationId | None = None
    seed: int | None = Field(default=None, ge=0, le=2**32 - 1, description="Default: from the title, always the same.")
    negative_prompt: Annotated[str, AfterValidator(_without_control)] = Field(
        default="", max_length=1_000, description="What not to paint besides what the operator excludes, in English."
    )
    overlay: bool = Field(default=False, description="Write the title onto the picture.")
    count: int = Field(default=1, ge=1, le=4, description="More than 1 gives a JSON list of pictures.")


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


class SimilarPlaylist(PlaylistAnswer):
    """A playlist and how near it is to the title asked for: a mean of title and song similarity, -1 to 1."""

    score: float


class SimilarAnswer(BaseModel):
    """The most similar first."""

    playlists: list[SimilarPlaylist]


class RecommendedSong(SongAnswer):
    """`source` is "seed" for a song of a chosen playlist; `because` names what moved the song up."""

    genres: list[str]
    score: float
    source: str
    because: str


class RecommendAnswer(BaseModel):
    """A playlist: songs by score, hashtags without the #."""

    generation_id: UUID
    songs: list[RecommendedSong]
    tags: list[str]


class LikeAnswer(BaseModel):
    """What is stored now."""

    generation_id: UUID
    liked: bool


class Problem(BaseModel):
    """What went wrong."""

    code: str
    message: str
    field: str | None = None


class ErrorAnswer(BaseModel):
    """The body of every 4xx and 5xx."""

    error: Problem
