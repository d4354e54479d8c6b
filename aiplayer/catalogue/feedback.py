"""What creators make of generations: a like, the list as they left it, and what they struck out."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from aiplayer.catalogue.generations import unknown_generation, with_positions
from aiplayer.catalogue.tables import Feedback, SongMeta, UserLog, utc_now
from aiplayer.errors import NotFound

# So many unknown songs are named in an error.
MOST_NAMED = 5


@dataclass(frozen=True)
class Opinion:
    """What a creator says of a generation; what is None stays as it is.

    Attributes:
        songs: The list as the creator left it, any songs of the catalogue, each once, in order.
        removed: The songs that were struck out, each once; none of `songs`.
        liked: Whether it is liked.
    """

    songs: list[int] | None = None
    removed: list[int] | None = None
    liked: bool | None = None


@dataclass(frozen=True)
class Taught:
    """All that is known of a generation.

    Attributes:
        shown: The songs that were given, in order.
        songs: The list as the creator left it, None before it was sent.
        removed: The songs that were struck out.
        liked: Whether it is liked.
    """

    shown: list[int]
    songs: list[int] | None
    removed: list[int]
    liked: bool


def store_opinion(engine: Engine, generation_id: UUID, opinion: Opinion, client: str | None) -> Taught:
    """Keep what a creator says; saying the same twice changes nothing.

    A song that is put back into the list is struck out no longer, and one that is struck out leaves the list.

    Args:
        engine: The database.
        generation_id: The generation.
        opinion: What is said.
        client: Who says it (`gateway.exposure.clients`), where that is known.

    Returns:
        What is known now.

    Raises:
        NotFound: the id was never given out, or the catalogue lacks a song; then nothing is kept.
    """
    with Session(engine) as session, session.begin():
        generation, feedback = _locked(session, generation_id)
        _require_songs(session, "songs", opinion.songs)
        _require_songs(session, "removed", opinion.removed)

        if feedback is None:
            feedback = Feedback(generation_id=generation_id, client=client)
            session.add(feedback)
        if _change(generation, feedback, opinion):
            feedback.client = client
            feedback.updated_at = utc_now()

        shown = [song["song_id"] for song in with_positions(generation.songs)]
        return Taught(shown, feedback.songs, feedback.removed or [], generation.liked)


def _locked(session: Session, generation_id: UUID) -> tuple[UserLog, Feedback | None]:
    """The rows of a generation, which nobody else changes until the transaction has ended."""
    is_wanted = UserLog.generation_id == generation_id
    is_feedback = Feedback.generation_id == UserLog.generation_id
    query = select(UserLog, Feedback).outerjoin(Feedback, is_feedback).where(is_wanted)

    # What is written first is locked, on every engine; no index holds this column.
    lock = update(UserLog).where(is_wanted).values(liked_at=UserLog.liked_at)
    session.execute(lock.execution_options(synchronize_session=False))
    found = session.execute(query).one_or_none()
    if found is None:
        raise unknown_generation(generation_id)
    generation, feedback = found
    return generation, feedback


def _require_songs(session: Session, field: str, song_ids: Sequence[int] | None) -> None:
    if not song_ids:
        return
    known = set(session.scalars(select(SongMeta.song_id).where(SongMeta.song_id.in_(song_ids))))
    missing = [song_id for song_id in song_ids if song_id not in known]
    if missing:
        named = ", ".join(map(str, missing[:MOST_NAMED]))
        raise NotFound(
            f"No song has the id {named}. Take ids from the answers of POST /recommend and POST /similar.",
            code="unknown_song",
            field=field,
        )


def _change(generation: UserLog, feedback: Feedback, opinion: Opinion) -> bool:
    """Write an opinion into the rows; whether that changes them."""
    before = (generation.liked, feedback.songs, feedback.removed, feedback.liked)

    songs, removed = feedback.songs, feedback.removed or []
    if opinion.songs is not None:
        songs = opinion.songs
        removed = [song_id for song_id in removed if song_id not in set(opinion.songs)]
    if opinion.removed is not None:
        removed = opinion.removed
        songs = songs and [song_id for song_id in songs if song_id not in set(opinion.removed)]
    feedback.songs, feedback.removed = songs, removed or None

    if opinion.liked is not None:
        feedback.liked = generation.liked = opinion.liked
        generation.liked_at = (generation.liked_at or utc_now()) if opinion.liked else None
    return before != (generation.liked, feedback.songs, feedback.removed, feedback.liked)
