"""Forgetting what creators typed: the log of generations, and translations of titles.

A like outlives the title that it was given for. What the recommender learns from a like is its songs and tags, and
these stay; the title and the facts of its picture, which repeat it in English, are removed.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Delete, Engine, Update, delete, null, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from aiplayer.catalogue.inserts import title_digest
from aiplayer.catalogue.store import Catalogue
from aiplayer.catalogue.tables import Translation, UserLog, utc_now

# A transaction holds its locks for as many rows only, so that requests do not wait for a large clean-up.
ROWS_A_TRANSACTION = 500


@dataclass(frozen=True)
class Forgotten:
    """How much was removed.

    Attributes:
        generations: Generations that nobody liked.
        titles_of_likes: Liked generations that have lost their title and kept their songs.
        translations: Translations of titles.
    """

    generations: int
    titles_of_likes: int
    translations: int


def forget_older(engine: Engine, days: int) -> Forgotten:
    """Remove what was typed more than so many days ago; done twice, it finds nothing left."""
    moment = utc_now() - timedelta(days=days)
    is_older = UserLog.created_at < moment
    is_unliked = is_older & UserLog.liked.is_(False)
    tells_title = or_(UserLog.title != "", UserLog.thumbnail.is_not(null()))
    is_liked_with_title = is_older & UserLog.liked.is_(True) & tells_title
    # A translation without a date is older than dates are.
    is_older_translation = or_(Translation.created_at < moment, Translation.created_at.is_(None))

    without_title = update(UserLog).values(title="", thumbnail=null())
    forgotten = Forgotten(
        _in_parts(engine, UserLog.generation_id, is_unliked, delete(UserLog)),
        _in_parts(engine, UserLog.generation_id, is_liked_with_title, without_title),
        _in_parts(engine, Translation.title_digest, is_older_translation, delete(Translation)),
    )
    _overwrite_file(engine)
    return forgotten


def forget_generation(engine: Engine, generation_id: UUID) -> None:
    """Remove one generation, liked or not, with the translation of its title.

    Raises:
        NotFound: the id was never given out, or is removed already.
    """
    title = Catalogue(engine).generation(generation_id).title
    with Session(engine) as session, session.begin():
        _overwrite_rows(session)
        session.execute(delete(UserLog).where(UserLog.generation_id == generation_id))
        session.execute(delete(Translation).where(Translation.title_digest == title_digest(title)))
    _overwrite_file(engine)


def _in_parts(
    engine: Engine, key: InstrumentedAttribute[Any], condition: ColumnElement[bool], statement: Delete | Update
) -> int:
    """Apply a statement to all rows of a condition, a part of them a transaction; how many rows it changed."""
    changed = 0
    while True:
        with Session(engine) as session:
            keys = session.scalars(select(key).where(condition).limit(ROWS_A_TRANSACTION)).all()
        if not keys:
            return changed

        # The condition once more, for a generation may have been liked in between.
        part = statement.where(key.in_(keys), condition).execution_options(synchronize_session=False)
        with Session(engine) as session, session.begin():
            _overwrite_rows(session)
            changed += cast("CursorResult[Any]", session.execute(part)).rowcount


def _overwrite_rows(session: Session) -> None:
    """Have SQLite write zeros over what is removed; its file would keep the text until the place is used again."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def _overwrite_file(engine: Engine) -> None:
    """Have SQLite write its log of changes into its file, and empty the log."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
