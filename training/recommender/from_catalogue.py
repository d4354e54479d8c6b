"""What the recommender is trained on: the catalogue's playlists, and beside them what creators taught."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from aiplayer.catalogue import Catalogue
from aiplayer.recommender.facts import SongFact
from training.held_back import held_back
from training.recommender.playlists import Playlists
from training.titles.parts import parts_of

Tell = Callable[[int, int], None]
# A playlist that is kept to be asked about has a title, and songs enough to show some and hide some.
FEWEST_SONGS_ASKED = 4
NO_EMBEDDINGS = np.zeros((0, 0), dtype=np.float32)


class EmbedsTitles(Protocol):
    """Title embeddings."""

    def __call__(self, titles: Sequence[str], tell: Tell) -> np.ndarray:
        """Titles -> float32 [titles, size], unit length."""

    def unkept(self, titles: Sequence[str]) -> np.ndarray:
        """The same for titles that creators typed, of which nothing is stored."""


@dataclass(frozen=True)
class Lesson:
    """A playlist as a creator wants it.

    Attributes:
        title: Its title, "" where it is forgotten.
        songs: What stayed in it, in order; empty where only what was taken out is known.
        dropped: What was taken out of it.
        weight: As how many playlists it counts.
    """

    title: str
    songs: list[int]
    dropped: list[int]
    weight: float = 1.0


@dataclass(frozen=True)
class TrainingData:
    """All that a recommender is trained on.

    Attributes:
        learned: The playlists to learn from; lessons have negative numbers.
        held_back: Those to be found only (`training.held_back`).
        artists: Who sings each song.
        facts: What is known of each song.
    """

    learned: Playlists
    held_back: Playlists
    artists: Mapping[int, Sequence[str]]
    facts: Mapping[int, SongFact]


def read_training_data(
    catalogue: Catalogue, embeddings: EmbedsTitles, lessons: Sequence[Lesson] = (), tell: Tell = lambda *_: None
) -> TrainingData:
    """Read everything from the database.

    Args:
        catalogue: The catalogue.
        embeddings: Makes title embeddings.
        lessons: What creators taught.
        tell: Is told (made, missing) of title embeddings.
    """
    members = catalogue.memberships()
    tags = catalogue.tags()
    titles = dict(catalogue.titles())
    playlist_ids = sorted(titles.keys() | members.keys())
    could_be_asked = [number for number in titles if len(members.get(number, ())) >= FEWEST_SONGS_ASKED]
    asked = held_back(could_be_asked)

    def playlists(numbers: list[int], taught: Sequence[Lesson]) -> Playlists:
        parts = [parts_of(titles.get(number, "")) for number in numbers]
        lesson_parts = [parts_of(lesson.title) for lesson in taught]
        vectors = [
            embed([part for title_parts in all_parts for part in title_parts])
            for embed, all_parts in ((partial(embeddings, tell=tell), parts), (embeddings.unkept, lesson_parts))
            if any(all_parts)
        ]
        return Playlists(
            ids=[*numbers, *range(-1, -1 - len(taught), -1)],
            song_ids=[*(members[number] for number in numbers), *(lesson.songs for lesson in taught)],
            tags=[*(tags[number] for number in numbers), *([] for _ in taught)],
            titles=[*parts, *lesson_parts],
            embeddings=np.concatenate(vectors) if vectors else NO_EMBEDDINGS,
            weights=[*(1.0 for _ in numbers), *(lesson.weight for lesson in taught)],
            dropped=[*(None for _ in numbers), *(lesson.dropped for lesson in taught)],
        )

    facts = {
        song_id: SongFact(genres, issued.year if issued else None, country)
        for song_id, genres, issued, country in catalogue.facts()
    }
    return TrainingData(
        learned=playlists([number for number in playlist_ids if number not in asked], lessons),
        held_back=playlists(sorted(asked), ()),
        artists=catalogue.artists(),
        facts=facts,
    )
