"""What creators' likes changed: the songs of some titles before and after, as one HTML page."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aiplayer.catalogue import Catalogue, Song
from aiplayer.files import write_whole
from aiplayer.recommender.request import Request
from training.recommender.from_catalogue import Lesson
from training.retrain.contenders import Contender

TEMPLATE = "changes.html.j2"
TITLES, TAUGHT_TITLES, SONGS = 20, 12, 20


@dataclass(frozen=True)
class ChangedSong:
    """A song of a list.

    Attributes:
        position: Its place, from 1 on.
        song: It.
        other: Its place in the other list, None where it is not there.
    """

    position: int
    song: Song
    other: int | None


@dataclass(frozen=True)
class ChangedList:
    """The songs of one title, before and after."""

    title: str
    is_taught: bool
    before: list[ChangedSong]
    after: list[ChangedSong]

    @property
    def new_count(self) -> int:
        """How many songs are new."""
        return sum(song.other is None for song in self.after)


def titles_to_show(lessons: Sequence[Lesson], others: Sequence[str]) -> list[tuple[str, bool]]:
    """Titles that creators taught, what counts most first, then others; each with whether it was taught."""
    heaviest = sorted(lessons, key=lambda lesson: -lesson.weight)
    taught = list(dict.fromkeys(lesson.title for lesson in heaviest if lesson.title))[:TAUGHT_TITLES]
    rest = [title for title in dict.fromkeys(others) if title and title not in taught]
    return [(title, True) for title in taught] + [(title, False) for title in rest[: TITLES - len(taught)]]


def changed_lists(
    old: Contender, new: Contender, titles: Sequence[tuple[str, bool]], catalogue: Catalogue
) -> list[ChangedList]:
    """Ask both for the songs of these titles.

    Args:
        old: The recommender in use.
        new: The new one.
        titles: The titles, and whether each was taught.
        catalogue: Knows the songs' names.
    """
    lists = []
    for (title, is_taught), before, after in zip(
        titles, _first_songs(old, titles), _first_songs(new, titles), strict=True
    ):
        songs = {song.song_id: song for song in catalogue.songs([*before, *after])}
        lists.append(ChangedList(title, is_taught, _beside(before, after, songs), _beside(after, before, songs)))
    return lists


def _first_songs(contender: Contender, titles: Sequence[tuple[str, bool]]) -> list[list[int]]:
    embeddings = contender.embed([title for title, _ in titles])
    requests = [
        Request(embedding, title, song_count=SONGS) for (title, _), embedding in zip(titles, embeddings, strict=True)
    ]
    return [[song.song_id for song in answer.new] for answer in contender.recommender.recommend(requests)]


def _beside(song_ids: Sequence[int], others: Sequence[int], songs: dict[int, Song]) -> list[ChangedSong]:
    places = {song_id: place for place, song_id in enumerate(others, start=1)}
    return [
        ChangedSong(position, songs[song_id], places.get(song_id))
        for position, song_id in enumerate(song_ids, start=1)
        if song_id in songs
    ]


def write_changes(lists: Sequence[ChangedList], set_name: str, path: Path) -> None:
    """Write the page.

    Args:
        lists: The lists.
        set_name: What the new set is called.
        path: The file; it is replaced in one step.
    """
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = templates.get_template(TEMPLATE).render(lists=lists, set_name=set_name)
    write_whole(path, page)
