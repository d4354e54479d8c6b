"""What a new recommender and the one in use are asked: about playlists and lessons that neither has learned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from training.arena.cases import MIX, Case
from training.arena.corpus import Question
from training.recommender.from_catalogue import Lesson
from training.recommender.playlists import Playlists

SEED = 0


class CaseShows(NamedTuple):
    """What a case of the arena shows of a playlist; the rest is hidden."""

    songs: bool
    tags: bool
    title: bool


SHOWS = {
    "song_only": CaseShows(songs=True, tags=False, title=False),
    "song_tag": CaseShows(songs=True, tags=True, title=False),
    "tag_title": CaseShows(songs=False, tags=True, title=True),
    "title_only": CaseShows(songs=False, tags=False, title=True),
}


@dataclass(frozen=True)
class LessonQuestions:
    """Titles that creators taught.

    Attributes:
        questions: The titles.
        songs: What stayed in the playlist of each; empty where that is not known.
        dropped: What was taken out of each.
    """

    questions: list[Question]
    songs: list[frozenset[int]]
    dropped: list[frozenset[int]]

    def __len__(self) -> int:
        return len(self.questions)


def playlist_cases(playlists: Playlists) -> list[Case]:
    """The arena's four cases about playlists: half of the songs and half of the tags are shown, where any are.

    Args:
        playlists: Playlists that no model has learned from; which half is shown follows from their numbers.
    """
    return [_case(name, playlists) for name in MIX]


def _case(name: str, playlists: Playlists) -> Case:
    shows = SHOWS[name]
    questions, hidden_songs, hidden_tags = [], [], []
    for number, song_ids, tags, parts in zip(
        playlists.ids, playlists.song_ids, playlists.tags, playlists.titles, strict=True
    ):
        random = np.random.default_rng([SEED, number])
        shown_songs, other_songs = _halves(list(song_ids), random)
        shown_tags, other_tags = _halves(list(tags), random)
        if not shows.songs:
            shown_songs, other_songs = [], list(song_ids)
        if not shows.tags:
            shown_tags, other_tags = [], list(tags)

        title = " | ".join(parts) if shows.title else ""
        questions.append(Question(number, title, shown_songs, shown_tags))
        hidden_songs.append(frozenset(other_songs))
        hidden_tags.append(frozenset(other_tags))
    return Case(name, questions, hidden_songs, hidden_tags)


def _halves(items: list, random: np.random.Generator) -> tuple[list, list]:
    """Half of the items, and the others; of one alone the others."""
    order = random.permutation(len(items))
    half = len(items) // 2
    return [items[place] for place in order[:half]], [items[place] for place in order[half:]]


def lesson_questions(lessons: Sequence[Lesson]) -> LessonQuestions:
    """The titles of lessons, with what creators kept and dropped; a lesson without a title asks nothing."""
    titled = [lesson for lesson in lessons if lesson.title]
    return LessonQuestions(
        [Question(number, lesson.title, [], []) for number, lesson in enumerate(titled)],
        [frozenset(lesson.songs) for lesson in titled],
        [frozenset(lesson.dropped) for lesson in titled],
    )
