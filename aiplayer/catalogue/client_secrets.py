"""The secret of a day, with which clients are told apart for as long as that day lasts."""

import secrets
from datetime import date

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from aiplayer.catalogue.inserts import insert_new
from aiplayer.catalogue.removal import overwrite_file, overwrite_rows
from aiplayer.catalogue.tables import ClientSecret

SECRET_BYTES = 32


class ClientSecrets:
    """The secrets that all processes of a service share; safe to share between threads."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def of_day(self, day: date) -> bytes:
        """The secret of a day, 32 bytes; whoever first asks for it draws it, and removes those of earlier days.

        Args:
            day: In UTC.
        """
        kept = self._kept(day)
        if kept is not None:
            return kept

        drawn = secrets.token_bytes(SECRET_BYTES)
        with Session(self._engine) as session, session.begin():
            overwrite_rows(session)
            session.execute(insert_new(ClientSecret), {"day": day, "secret": drawn})
            session.execute(delete(ClientSecret).where(ClientSecret.day < day))
        overwrite_file(self._engine)

        # Another process may have come first.
        secret = self._kept(day)
        return drawn if secret is None else secret

    def forget_before(self, day: date) -> None:
        """Remove the secrets of earlier days."""
        with Session(self._engine) as session, session.begin():
            overwrite_rows(session)
            session.execute(delete(ClientSecret).where(ClientSecret.day < day))

    def _kept(self, day: date) -> bytes | None:
        with Session(self._engine) as session:
            return session.scalar(select(ClientSecret.secret).where(ClientSecret.day == day))
