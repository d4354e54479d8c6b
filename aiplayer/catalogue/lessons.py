"""What generations teach: those that were liked or edited, and how well each set of models is liked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Integer, cast, func, null, or_, select
from sqlalchemy.orm import Session

from aiplayer.catalogue.generations import with_positions
from aiplayer.catalogue.tables import Feedback, UserLog

ROWS_A_PART = 500


@dataclass(frozen=True)
class Lesson:
    """A generation that was liked or edited.

    Attributes:
        generation_id: The generation.
        title: Its title; "" where it was forgotten.
        shown: The songs that were given, in order.
        songs: The list as the creator left it, None where it was never sent.
        removed: The songs that were struck out, shown or not.
        tags: The hashtags that were given.
        seed_playlists: The chosen playlists.
        liked: Whether it is liked.
        is_disliked: Whether its creator said that it is not, as whoever takes a like back does.
        client: The digest of whoever taught last; None where it was forgotten, or is older than digests are.
        model_set: The name of the set of models that answered, where that is known.
        created_at: When it was given, in UTC.
        taught_at: When it was last liked or edited, in UTC.
    """

    generation_id: UUID
    title: str
    shown: list[int]
    songs: list[int] | None
    removed: list[int]
    tags: list[str]
    seed_playlists: list[int]
    liked: bool
    is_disliked: bool
    client: str | None
    model_set: str | None
    created_at: datetime
    taught_at: datetime


class LikeCount(NamedTuple):
    """How many generations a set of models has given, and how many of them are liked."""

    generations: int
    liked: int


def is_edited() -> ColumnElement[bool]:
    """Whether a row of `feedback` tells more than a like."""
    return or_(Feedback.songs.is_not(null()), Feedback.removed.is_not(null()))


def read_lessons(engine: Engine, since: datetime | None = None) -> Iterator[Lesson]:
    """What was taught, by the time at which the generations were given, a part at a time.

    Args:
        engine: The database.
        since: Only what was taught from then on, in UTC without a time zone, however old its generation is.
    """
    # A like that is older than feedback has no row there.
    taught_at = func.coalesce(Feedback.updated_at, UserLog.liked_at, UserLog.created_at).label("taught_at")
    query = (
        select(UserLog, Feedback, taught_at)
        .outerjoin(Feedback, Feedback.generation_id == UserLog.generation_id)
        .where(or_(UserLog.liked, is_edited()))
        .order_by(UserLog.created_at, UserLog.generation_id)
    )
    if since is not None:
        query = query.where(taught_at >= since)

    with Session(engine, execution_options={"yield_per": ROWS_A_PART}) as session:
        for generation, feedback, moment in session.execute(query):
            yield _lesson(generation, feedback, moment)


def _lesson(generation: UserLog, feedback: Feedback | None, taught_at: datetime) -> Lesson:
    return Lesson(
        generation_id=generation.generation_id,
        title=generation.title,
        shown=[song["song_id"] for song in with_positions(generation.songs)],
        songs=feedback.songs if feedback else None,
        removed=(feedback.removed if feedback else None) or [],
        tags=generation.tags,
        seed_playlists=generation.seed_playlists,
        liked=generation.liked,
        is_disliked=feedback is not None and feedback.liked is False,
        client=feedback.client if feedback else None,
        model_set=generation.model_set,
        created_at=generation.created_at,
        taught_at=taught_at,
    )


def count_likes(engine: Engine) -> dict[str, LikeCount]:
    """Generations and likes of each known set of models.

    What has lost its title is left out: of that age only what was liked or edited is still there.
    """
    liked = func.sum(cast(UserLog.liked, Integer))
    query = (
        select(UserLog.model_set, func.count(), liked)
        .where(UserLog.model_set.is_not(None), UserLog.title != "")
        .group_by(UserLog.model_set)
    )
    with Session(engine) as session:
        return {str(name): LikeCount(count, int(likes)) for name, count, likes in session.execute(query)}
