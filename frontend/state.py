"""What one visitor has done so far; lives in that visitor's `st.session_state` and nowhere else."""

from dataclasses import dataclass, field
from secrets import token_hex

import streamlit as st

from frontend.client import ServiceError
from frontend.painting import Painting

CLIENT_ID_BYTES = 16


@dataclass(frozen=True)
class Search:
    """A title and the playlists that the service found for it.

    Attributes:
        number: Counts the visitor's searches, so that each has its own tick boxes.
        title: What the visitor typed, without the spaces around it.
        playlists: The similar playlists as the service answers them.
        read: What the service read of the title, struck out or not.
        ignored: What of it the visitor has struck out.
    """

    number: int
    title: str
    playlists: list[dict]
    read: list[dict] = field(default_factory=list)
    ignored: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class Wish:
    """What to make, as it was when the button was pressed.

    Attributes:
        title: The playlist's title.
        playlist_ids: The similar playlists that were ticked.
        similarity: The share of songs to take from these, 0 to 100 percent.
        song_count: How many songs the playlist shall have.
        ignored: What of the title's reading is not meant.
    """

    title: str
    playlist_ids: list[int]
    similarity: int
    song_count: int
    ignored: list[dict] = field(default_factory=list)


@dataclass
class Creation:
    """A playlist in the making: the songs come first, then the picture (PNG), then perhaps a like.

    Attributes:
        wish: What was to be made.
        songs: The chosen songs as the service answers them.
        tags: The hashtags.
        generation_id: The service's number for this playlist, for the thumbnail and the like.
        repaints: How often the visitor asked for another picture; each has its own seed.
        has_title_on_it: Whether the title is written on the picture.
        wants_painting: Whether the picture is still to be painted, or painted anew.
        painting: The picture in the making, None where none is.
        picture_s: Seconds that the service takes for a picture.
        thumbnail: The picture, a PNG; None before it is painted.
        thumbnail_problem: Why the last picture could not be painted.
        liked: Whether the service has stored a like.
        like_problem: Why the last like could not be stored.
        is_shown: Whether the page has scrolled to it.
    """

    wish: Wish
    songs: list[dict]
    tags: list[str]
    generation_id: str
    repaints: int = 0
    has_title_on_it: bool = False
    wants_painting: bool = True
    painting: Painting | None = None
    picture_s: float = 0.0
    thumbnail: bytes | None = None
    thumbnail_problem: ServiceError | None = None
    liked: bool = False
    like_problem: ServiceError | None = None
    is_shown: bool = False

    def ask_for_another_picture(self) -> None:
        """Have a picture with another seed painted, also after a failure, which may lie in the seed."""
        self.repaints += 1
        self.wants_painting = True


@dataclass
class Visit:
    """Everything that must outlive one run of the page's script.

    `title_to_search` and `wish` are set when a button is pressed and cleared when their work is done: Streamlit stops
    the script at the next click, and the run after it then takes the work up again.

    Attributes:
        client_id: Tells this visitor's likes from those of others; drawn anew for each visit.
        title_to_search: What was typed or chosen, until it is searched for.
        ignored: What of that title's reading the visitor has struck out.
        title_missing: Whether the last title was empty.
        search: What the last search found.
        search_problem: Why the last search failed.
        wish: What to make, until that is done.
        wish_problem: Why the last playlist could not be made.
        creation: The playlist; its picture may still be painted.
    """

    client_id: str = field(default_factory=lambda: token_hex(CLIENT_ID_BYTES))
    title_to_search: str | None = None
    ignored: list[dict] = field(default_factory=list)
    title_missing: bool = False
    search: Search | None = None
    search_problem: ServiceError | None = None
    wish: Wish | None = None
    wish_problem: ServiceError | None = None
    creation: Creation | None = None


def visit() -> Visit:
    """This visitor's state, empty on the first run."""
    return st.session_state.setdefault("visit", Visit())
