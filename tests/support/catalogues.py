"""Small catalogues."""

from collections.abc import Iterable

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, migrate
from aiplayer.catalogue.tables import SongMeta


def catalogue_of_songs(engine: Engine, song_ids: Iterable[int]) -> Catalogue:
    """A catalogue of songs that are known by number only, in a database without any table yet."""
    migrate(engine)
    with Session(engine) as session, session.begin():
        session.add_all(SongMeta(song_id=song_id, song_name="", artists=[], genres=[]) for song_id in song_ids)
    return Catalogue(engine)
