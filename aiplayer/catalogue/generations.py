"""A generation: what one request for a playlist was given, and how its row is read."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from aiplayer.errors import NotFound
from aiplayer.model_set import ModelSet


@dataclass(frozen=True)
class Generation:
    """What one request for a playlist was given.

    Attributes:
        title: The playlist's title.
        seed_playlists: The ids of the chosen playlists.
        songs: `song_id`, `position` from 1 on, `score` and `source` of each song, in order.
        tags: The hashtags.
        generation_id: Under which it is kept.
        model_set: The models that answered, where that is known.
    """

    title: str
    seed_playlists: list[int]
    songs: list[dict]
    tags: list[str]
    generation_id: UUID = field(default_factory=uuid4)
    model_set: ModelSet | None = None


def with_positions(songs: list[dict]) -> list[dict]:
    """The songs of a row in order, each with its position, which what is older than positions does not tell."""
    placed = [{"position": place, **song} for place, song in enumerate(songs, start=1)]
    return sorted(placed, key=lambda song: song["position"])


def unknown_generation(generation_id: UUID) -> NotFound:
    """The error where an id was never given out."""
    return NotFound(
        f"No generation has the id {generation_id}. Take the id from the answer of POST /recommend.",
        code="unknown_generation",
        field="generation_id",
    )
