"""Translations of titles that were made once."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from aiplayer.catalogue.inserts import insert_new, title_digest
from aiplayer.catalogue.tables import Translation


class Translations:
    """The stored translations; safe to share between threads."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def recall(self, title: str) -> str | None:
        """The title in English, None where it was never translated."""
        with Session(self._engine) as session:
            kept = session.get(Translation, title_digest(title))
            return kept.english if kept else None

    def remember(self, title: str, english: str) -> None:
        """Keep a translation; the first one of a title stays."""
        with Session(self._engine) as session, session.begin():
            session.execute(insert_new(Translation), {"title_digest": title_digest(title), "english": english})
