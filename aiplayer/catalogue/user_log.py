"""The log of generations: what each request for a playlist was given, and whether it was liked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, Engine, func, update
from sqlalchemy.orm import Session

from aiplayer.catalogue.tables import UserLog
from aiplayer.errors import NotFound


@dataclass(frozen=True)
class Generation:
    """What one request for a playlist was given."""

    title: str
    seed_playlists: list[int]
    songs: list[dict]
    tags: list[str]
    generation_id: UUID = field(default_factory=uuid4)


class GenerationLog:
    """The generations behind one engine; safe to share between threads."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def remember(self, generations: Sequence[Generation]) -> None:
        """Keep what was given, so that it can be liked and learned from; all of it or nothing."""
        rows = [
            UserLog(
                generation_id=generation.generation_id,
                title=generation.title,
                seed_playlists=generation.seed_playlists,
                songs=generation.songs,
                tags=generation.tags,
            )
            for generation in generations
        ]
        with Session(self._engine) as session, session.begin():
            session.add_all(rows)

    def generation(self, generation_id: UUID) -> Generation:
        """What was given under this id.

        Raises:
            NotFound: the id was never given out.
        """
        with Session(self._engine) as session:
            row = session.get(UserLog, generation_id)
            if row is None:
                raise _unknown_generation(generation_id)
            return Generation(row.title, row.seed_playlists, row.songs, row.tags, row.generation_id)

    def set_thumbnail(self, generation_id: UUID, facts: dict) -> None:
        """Keep the facts (prompt, seeds, model) of the newest picture painted for a generation.

        Raises:
            NotFound: the id was never given out.
        """
        self._change(generation_id, thumbnail=facts)

    def set_liked(self, generation_id: UUID, liked: bool) -> None:
        """Store or take back a like; saying the same twice changes nothing.

        Raises:
            NotFound: the id was never given out.
        """
        liked_at = func.coalesce(UserLog.liked_at, datetime.now(UTC).replace(tzinfo=None)) if liked else None
        self._change(generation_id, liked=liked, liked_at=liked_at)

    def _change(self, generation_id: UUID, **values) -> None:
        with Session(self._engine) as session, session.begin():
            statement = update(UserLog).where(UserLog.generation_id == generation_id).values(**values)
            statement = statement.execution_options(synchronize_session=False)
            result = cast("CursorResult[Any]", session.execute(statement))
            # Where a row is as it should be already, MySQL counts no change.
            if not result.rowcount and session.get(UserLog, generation_id) is None:
                raise _unknown_generation(generation_id)


def _unknown_generation(generation_id: UUID) -> NotFound:
    return NotFound(
        f"No generation has the id {generation_id}. Take the id from the answer of POST /recommend.",
        code="unknown_generation",
        field="generation_id",
    )
