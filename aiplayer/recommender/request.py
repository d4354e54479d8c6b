"""What the recommender is asked and what it answers: by ids and names outside, by rows of its vocabulary inside."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from pydantic import ConfigDict, WithJsonSchema

from aiplayer.recommender.mentions import NO_MENTIONS, Mentions
from aiplayer.titles.reading.mentions import NOTHING_READ, Mention, Reading

NO_ROWS = np.array([], dtype=np.int64)
Embedding = Annotated[np.ndarray, WithJsonSchema({"type": "array", "items": {"type": "number"}})]


@dataclass(frozen=True)
class Request:
    """What one playlist is to be made from.

    Attributes:
        title_embedding: float32 [size], the title encoder's; zeros for no title.
        title: The title, "" for none.
        song_ids: The songs of the chosen playlists.
        tags: The tags of the chosen playlists.
        exclude_song_ids: Songs that must not be recommended.
        song_count: How many new songs are wanted.
        tag_count: How many tags are wanted.
        ignored: What the title seems to name and the creator does not mean, as (kind, value).
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(arbitrary_types_allowed=True)

    title_embedding: Embedding
    title: str = ""
    song_ids: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    exclude_song_ids: list[int] = field(default_factory=list)
    song_count: int = 100
    tag_count: int = 10
    ignored: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class RankedSong:
    """A song with its probability and what spoke for it most: a chosen song, a chosen tag or a word of the title."""

    song_id: int
    score: float
    because_song_id: int | None = None
    because_tag: str | None = None
    because_word: str | None = None


@dataclass(frozen=True)
class Recommendation:
    """The recommender's answer to one request.

    Attributes:
        new: Songs that are in no chosen playlist, best first.
        chosen: Songs of the chosen playlists, best first.
        tags: Hashtags without the #, best first.
        named_artists: The artists whom the title names, as the catalogue writes them.
        read: What the title says.
    """

    new: list[RankedSong]
    chosen: list[RankedSong]
    tags: list[str]
    named_artists: list[str]
    read: list[Mention]


@dataclass(frozen=True)
class PlaylistHit:
    """A playlist of the catalogue and how well it fits the title, 0 to 1."""

    playlist_id: int
    score: float


@dataclass(frozen=True)
class Found:
    """The playlists for one title, best first, and what the title says."""

    playlists: list[PlaylistHit]
    read: list[Mention]


class Inputs(NamedTuple):
    """Rows of the vocabulary that are shown to the branches, int64 each; empty where a kind of input is absent."""

    songs: np.ndarray = NO_ROWS
    tags: np.ndarray = NO_ROWS
    terms: np.ndarray = NO_ROWS
    artists: np.ndarray = NO_ROWS


@dataclass(frozen=True)
class Query:
    """A request as rows of the vocabulary.

    Attributes:
        inputs: The songs and tags that it names, the title's terms, and the songs' artists.
        title_embedding: float32 [size]; zeros for no title.
        mentions: The tags and artists that its title names.
        read: What its title says.
    """

    inputs: Inputs
    title_embedding: np.ndarray
    mentions: Mentions = NO_MENTIONS
    read: Reading = NOTHING_READ
