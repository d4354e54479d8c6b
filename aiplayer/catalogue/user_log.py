"""The log of generations: what each request for a playlist was given, and whether it was liked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, Engine, func, select, update
from sqlalchemy.orm import Session

from aiplayer.catalogue.inserts import insert_new
from aiplayer.catalogue.tables import ModelSetVersions, UserLog
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


class GenerationLog:
    """The generations behind one engine; safe to share between threads."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._kept_sets: set[str] = set()

    def remember(self, generations: Sequence[Generation]) -> None:
        """Keep what was given, so that it can be liked and learned from; all of it or nothing.

        The versions of a set of models are kept with the first generation of theirs.
        """
        rows = [
            UserLog(
                generation_id=generation.generation_id,
                title=generation.title,
                seed_playlists=generation.seed_playlists,
                songs=generation.songs,
                tags=generation.tags,
                model_set=generation.model_set.name if generation.model_set else None,
            )
            for generation in generations
        ]
        model_sets = {generation.model_set for generation in generations if generation.model_set}
        new_sets = {model_set for model_set in model_sets if model_set.name not in self._kept_sets}

        with Session(self._engine) as session, session.begin():
            for model_set in sorted(new_sets):
                session.execute(insert_new(ModelSetVersions), model_set._asdict())
            session.add_all(rows)
        self._kept_sets |= {model_set.name for model_set in new_sets}

    def generation(self, generation_id: UUID) -> Generation:
        """What was given under this id.

        Raises:
            NotFound: the id was never given out.
        """
        query = (
            select(UserLog, ModelSetVersions)
            .outerjoin(ModelSetVersions, ModelSetVersions.name == UserLog.model_set)
            .where(UserLog.generation_id == generation_id)
        )
        with Session(self._engine) as session:
            found = session.execute(query).one_or_none()
            if found is None:
                raise unknown_generation(generation_id)

            row, versions = found
            models = ModelSet(*(getattr(versions, name) for name in ModelSet._fields)) if versions else None
            songs = with_positions(row.songs)
            return Generation(row.title, row.seed_playlists, songs, row.tags, row.generation_id, models)

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
                raise unknown_generation(generation_id)


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
