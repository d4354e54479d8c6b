"""Forgetting what creators typed: the log of generations, translations of titles, and picture jobs.

A like outlives the title that it was given for. What the recommender learns from a like is its songs and tags, and
these stay; the title and the facts of its picture, which repeat it in English, are removed.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, delete, null, or_, update
from sqlalchemy.orm import Session

from aiplayer.catalogue.inserts import title_digest
from aiplayer.catalogue.picture_jobs import remove_jobs
from aiplayer.catalogue.removal import change_in_parts, overwrite_file, overwrite_rows
from aiplayer.catalogue.store import Catalogue
from aiplayer.catalogue.tables import PictureJob, Translation, UserLog, utc_now


@dataclass(frozen=True)
class Forgotten:
    """How much was removed.

    Attributes:
        generations: Generations that nobody liked.
        titles_of_likes: Liked generations that have lost their title and kept their songs.
        translations: Translations of titles.
        picture_jobs: Picture jobs, with their pictures.
    """

    generations: int
    titles_of_likes: int
    translations: int
    picture_jobs: int


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
        change_in_parts(engine, UserLog.generation_id, is_unliked, delete(UserLog)),
        change_in_parts(engine, UserLog.generation_id, is_liked_with_title, without_title),
        change_in_parts(engine, Translation.title_digest, is_older_translation, delete(Translation)),
        remove_jobs(engine, PictureJob.created_at < moment),
    )
    overwrite_file(engine)
    return forgotten


def forget_generation(engine: Engine, generation_id: UUID) -> None:
    """Remove one generation, liked or not, with the translation of its title and its picture jobs.

    Raises:
        NotFound: the id was never given out, or is removed already.
    """
    title = Catalogue(engine).generation(generation_id).title
    with Session(engine) as session, session.begin():
        overwrite_rows(session)
        session.execute(delete(UserLog).where(UserLog.generation_id == generation_id))
        session.execute(delete(PictureJob).where(PictureJob.generation_id == generation_id))
        session.execute(delete(Translation).where(Translation.title_digest == title_digest(title)))
    overwrite_file(engine)
