"""What creators may say of a generation, and what they are told of it."""

from collections import Counter
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gateway.request_fields import GenerationId, Id, Request


def _different(song_ids: list[int]) -> list[int]:
    """Refuse a song that is named twice."""
    (most_named, times), *_ = Counter(song_ids).most_common(1) or [(0, 0)]
    if times > 1:
        raise ValueError(f"must hold each song once; {most_named} is there {times} times")
    return song_ids


# The schema tells what is checked.
UNIQUE: dict[str, Any] = {"uniqueItems": True}
FinalSongs = Annotated[
    list[Id], Field(max_length=200, fail_fast=True, json_schema_extra=UNIQUE), AfterValidator(_different)
]
RemovedSongs = Annotated[
    list[Id], Field(max_length=1_000, fail_fast=True, json_schema_extra=UNIQUE), AfterValidator(_different)
]


class FeedbackRequest(Request):
    """What has become of a generation. What is left out stays as it is stored; one of the three must be given."""

    generation_id: GenerationId
    songs: FinalSongs | None = Field(
        default=None, description="The list as you left it, any songs of the catalogue, in order."
    )
    removed: RemovedSongs | None = Field(default=None, description="The songs that you struck out.")
    liked: bool | None = None


class ReplacedSong(BaseModel):
    """A song that was shown and is gone, and the new one in its place."""

    model_config = ConfigDict(from_attributes=True)

    song_id: int
    by: int


class MovedSong(BaseModel):
    """A kept song with its position, from 1 on, as it was shown and in your list."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    song_id: int
    from_position: int = Field(alias="from")
    to_position: int = Field(alias="to")


class FeedbackAnswer(BaseModel):
    """What is stored now, and what follows from it and from what was shown.

    `songs` is null, and all that follows from it empty, before it was given. `added` are all songs of yours that were
    not shown, `dropped` all that were shown and are gone.
    """

    generation_id: UUID
    liked: bool
    songs: list[int] | None
    removed: list[int]
    kept: list[int]
    added: list[int]
    replaced: list[ReplacedSong]
    moved: list[MovedSong]
    dropped: list[int]
