"""Forgetting what creators typed: the log of generations, translations of titles, and picture jobs.

A lesson, which is a generation that was liked or edited, outlives the title that it was given for. What the
recommender learns from it is its songs and tags, and these stay. The title is removed with the facts of its picture,
which repeat it in English, and so is the digest of whoever taught it.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, delete, null, or_, select, update
from sqlalchemy.orm import Session

from aiplayer.catalogue.client_secrets import ClientSecrets
from aiplayer.catalogue.inserts import title_digest
from aiplayer.catalogue.lessons import is_edited
from aiplayer.catalogue.picture_jobs import remove_jobs
from aiplayer.catalogue.removal import change_in_parts, overwrite_file, overwrite_rows
from aiplayer.catalogue.store import Catalogue
from aiplayer.catalogue.tables import Feedback, PictureJob, Translation, UserLog, utc_now


@dataclass(frozen=True)
class Forgotten:
    """How much was removed.

    Attributes:
        generations: Generations that nobody liked or edited.
        titles_of_lessons: Liked or edited generations that have lost their title and kept their songs.
        translations: Translations of titles.
        picture_jobs: Picture jobs, with their pictures.
    """

    generations: int
    titles_of_lessons: int
    translations: int
    picture_jobs: int


def forget_older(engine: Engine, days: int) -> Forgotten:
    """Remove what was typed more than so many days ago; done twice, it finds nothing left."""
    now = utc_now()
    moment = now - timedelta(days=days)
    is_older = UserLog.created_at < moment
    was_edited = UserLog.generation_id.in_(select(Feedback.generation_id).where(is_edited()))
    is_lesson = or_(UserLog.liked, was_edited)
    tells_title = or_(UserLog.title != "", UserLog.thumbnail.is_not(null()))
    # A translation without a date is older than dates are.
    is_older_translation = or_(Translation.created_at < moment, Translation.created_at.is_(None))

    without_title = update(UserLog).values(title="", thumbnail=null())
    forgotten = Forgotten(
        change_in_parts(engine, UserLog.generation_id, is_older & ~is_lesson, delete(UserLog)),
        change_in_parts(engine, UserLog.generation_id, is_older & is_lesson & tells_title, without_title),
        change_in_parts(engine, Translation.title_digest, is_older_translation, delete(Translation)),
        remove_jobs(engine, PictureJob.created_at < moment),
    )
    of_older = Feedback.generation_id.in_(select(UserLog.generation_id).where(is_older))
    tells_client = of_older & Feedback.client.is_not(None)
    change_in_parts(engine, Feedback.generation_id, tells_client, update(Feedback).values(client=None))
    ClientSecrets(engine).forget_before(now.date())
    overwrite_file(engine)
    return forgotten


def forget_generation(engine: Engine, generation_id: UUID) -> None:
    """Remove one generation, liked or not, with its feedback, the translation of its title and its picture jobs.

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
