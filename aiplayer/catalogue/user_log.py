"""The log of generations: what each request for a playlist was given, and whether it was liked."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Engine, select, update
from sqlalchemy.orm import Session

from aiplayer.catalogue.feedback import Opinion, Taught, store_opinion
from aiplayer.catalogue.generations import Generation, unknown_generation, with_positions
from aiplayer.catalogue.inserts import insert_new
from aiplayer.catalogue.lessons import Lesson, LikeCount, count_likes, read_lessons
from aiplayer.catalogue.tables import ModelSetVersions, UserLog
from aiplayer.model_set import ModelSet


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

    def set_liked(self, generation_id: UUID, liked: bool, client: str | None = None) -> None:
        """Store or take back a like; saying the same twice changes nothing.

        Args:
            generation_id: The generation.
            liked: Whether it is liked.
            client: Who says so, where that is known.

        Raises:
            NotFound: the id was never given out.
        """
        self.set_opinion(generation_id, Opinion(liked=liked), client)

    def set_opinion(self, generation_id: UUID, opinion: Opinion, client: str | None = None) -> Taught:
        """Keep what a creator says of a generation, and tell all that is known of it (`feedback.store_opinion`).

        Raises:
            NotFound: the id was never given out, or the catalogue lacks a song.
        """
        return store_opinion(self._engine, generation_id, opinion, client)

    def lessons(self, since: datetime | None = None) -> Iterator[Lesson]:
        """Generations that were liked or edited, by the time at which they were given (`lessons.read_lessons`).

        Args:
            since: Only what was taught from then on, in UTC without a time zone.
        """
        return read_lessons(self._engine, since)

    def likes_by_set(self) -> dict[str, LikeCount]:
        """How many generations each known set of models has given, and how many are liked (`lessons.count_likes`)."""
        return count_likes(self._engine)

    def _change(self, generation_id: UUID, **values) -> None:
        with Session(self._engine) as session, session.begin():
            statement = update(UserLog).where(UserLog.generation_id == generation_id).values(**values)
            statement = statement.execution_options(synchronize_session=False)
            result = cast("CursorResult[Any]", session.execute(statement))
            # Where a row is as it should be already, MySQL counts no change.
            if not result.rowcount and session.get(UserLog, generation_id) is None:
                raise unknown_generation(generation_id)
