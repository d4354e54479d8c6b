"""Which of what creators liked and changed becomes a lesson, and as how much it counts.

Nobody teaches more than a share: a client that likes thousands of lists is heard like one that likes some, and what is
taught word for word again counts as often as clients taught it, up to a few.
"""

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from aiplayer.catalogue import Lesson as TaughtGeneration
from aiplayer.playlist.edits import edits_of
from aiplayer.text import normalise
from training.recommender.from_catalogue import Lesson

# Of one client, at most this share of as many as the catalogue has playlists, but so many at least.
SHARE_OF_CLIENT, FEWEST_OF_CLIENT = 0.05, 20
# Of all together, the newest.
MOST_LESSONS = 200_000
# A lesson counts as often as clients taught it, up to so many.
MOST_CLIENTS = 5
# A list that its creator put in order says more than one that was liked as it came.
LIKED_WEIGHT, EDITED_WEIGHT = 1.0, 2.0
# The share of the titles whose lessons are kept to ask about.
ASKED_SHARE = 0.2
UNKNOWN_CLIENT = ""


@dataclass(frozen=True)
class LessonCounts:
    """What became of the generations that creators liked or changed.

    Attributes:
        read: All of them.
        empty: Those that teach nothing: only known to be liked no more, or without a song of the catalogue.
        copies: Those that say what another says already.
        capped: Those of clients that said too much.
        older: Those beyond the newest MOST_LESSONS.
        learned: Lessons that are learned.
        asked: Lessons that are kept to ask about.
        clients: How many clients taught.
    """

    read: int
    empty: int
    copies: int
    capped: int
    older: int
    learned: int
    asked: int
    clients: int

    def as_dict(self) -> dict[str, int]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Lessons:
    """What is learned, what is asked about, and how it was chosen."""

    learned: list[Lesson]
    asked: list[Lesson]
    counts: LessonCounts

    def digest(self) -> str:
        """Of all that is learned and its weights, 12 hexadecimal digits; empty where nothing is."""
        return hashlib.sha256(repr(self.learned).encode()).hexdigest()[:12] if self.learned else ""

    def digests(self) -> frozenset[str]:
        """Of each lesson that is learned, whatever it weighs, 12 hexadecimal digits."""
        told = [repr((normalise(lesson.title), lesson.songs, lesson.dropped)) for lesson in self.learned]
        return frozenset(hashlib.sha256(text.encode()).hexdigest()[:12] for text in told)


@dataclass(frozen=True)
class _Candidate:
    """A lesson, who taught it, its place in an order that says nothing of it, and whether it can be asked about."""

    lesson: Lesson
    client: str
    place: str
    can_be_asked: bool


def choose_lessons(
    generations: Iterable[TaughtGeneration], known_songs: Container[int], playlist_count: int, set_in_use: str = ""
) -> Lessons:
    """Turn what creators liked and changed into lessons.

    Args:
        generations: In the order in which they were given.
        known_songs: The songs of the catalogue; others are left out.
        playlist_count: How many playlists the catalogue has.
        set_in_use: The set of models that is in use. A list of its own that was liked as it came is learned, and not
            asked about: no other could give it back as well.
    """
    read = empty = 0
    candidates = []
    for generation in generations:
        read += 1
        lesson = lesson_of(generation, known_songs)
        if lesson is None:
            empty += 1
        else:
            client = generation.client or UNKNOWN_CLIENT
            is_own = generation.model_set == set_in_use and lesson.songs == generation.shown
            place = _place(str(generation.generation_id))
            candidates.append(_Candidate(lesson, client, place, is_asked(lesson.title) and not is_own))

    newest = candidates[-MOST_LESSONS:]
    heard = _without_bursts(newest, playlist_count)
    distinct = _without_copies(heard)
    asked = [candidate.lesson for candidate in distinct if candidate.can_be_asked]
    learned = [candidate.lesson for candidate in distinct if not candidate.can_be_asked]
    counts = LessonCounts(
        read=read,
        empty=empty,
        copies=len(heard) - len(distinct),
        capped=len(newest) - len(heard),
        older=len(candidates) - len(newest),
        learned=len(learned),
        asked=len(asked),
        clients=len({candidate.client for candidate in newest}),
    )
    return Lessons(learned, asked, counts)


def lesson_of(generation: TaughtGeneration, known_songs: Container[int]) -> Lesson | None:
    """What a generation teaches, None where it is nothing.

    Of one whose like was taken back nothing is left but the songs that were struck out.

    Args:
        generation: What a creator liked or changed.
        known_songs: The songs of the catalogue.
    """
    songs: list[int] = []
    dropped, weight = generation.removed, LIKED_WEIGHT
    if not generation.is_disliked:
        edits = edits_of(generation.shown, generation.songs, generation.removed)
        dropped = list(dict.fromkeys([*edits.dropped, *generation.removed]))
        if generation.songs is not None:
            songs, weight = generation.songs, EDITED_WEIGHT
        elif generation.liked:
            songs = [song_id for song_id in generation.shown if song_id not in dropped]

    songs = [song_id for song_id in songs if song_id in known_songs]
    dropped = [song_id for song_id in dropped if song_id in known_songs]
    return Lesson(generation.title, songs, dropped, weight) if songs or dropped else None


def is_asked(title: str) -> bool:
    """Whether lessons of this title are kept to ask about; the same at every training."""
    digest = hashlib.sha256(normalise(title).strip().encode()).digest()
    return digest[0] < ASKED_SHARE * 256


def _without_bursts(candidates: Sequence[_Candidate], playlist_count: int) -> list[_Candidate]:
    """Of each client at most its share, drawn so that it is the same at every training."""
    most = max(FEWEST_OF_CLIENT, int(SHARE_OF_CLIENT * playlist_count))
    by_client = defaultdict(list)
    for candidate in candidates:
        by_client[candidate.client].append(candidate)

    heard: set[str] = set()
    for of_client in by_client.values():
        drawn = sorted(of_client, key=lambda candidate: candidate.place)[:most]
        heard.update(candidate.place for candidate in drawn)
    return [candidate for candidate in candidates if candidate.place in heard]


def _without_copies(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Each lesson once, counting as often as clients taught it."""
    clients = defaultdict(set)
    first: dict[tuple, _Candidate] = {}
    for candidate in candidates:
        lesson = candidate.lesson
        key = (normalise(lesson.title), frozenset(lesson.songs), frozenset(lesson.dropped))
        clients[key].add(candidate.client)
        first.setdefault(key, candidate)

    distinct = []
    for key, candidate in first.items():
        weight = candidate.lesson.weight * min(len(clients[key]), MOST_CLIENTS)
        distinct.append(replace(candidate, lesson=replace(candidate.lesson, weight=weight)))
    return distinct


def _place(generation_id: str) -> str:
    """The place of a generation in an order that says nothing of it."""
    return hashlib.sha256(generation_id.encode()).hexdigest()
