"""A database of an earlier version finds its artists by their new keys, without another import."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, migrate
from aiplayer.catalogue.database import MIGRATIONS
from aiplayer.catalogue.tables import SongArtist, SongMeta

ARTISTS = {
    0: ["AC/DC"],
    7: ["태연 (TAEYEON)", "Beyoncé"],
    2**40 + 5: ["Guns N’ Roses"],
    2**52: [],
}
# The version of the schema before the migration of artists' keys.
BEFORE = "0005"
# More songs than the migration reads at once.
MANY = range(100, 5_500)
OLD_KEYS = {(0, "ac/dc"), (7, "태연 (taeyeon)"), (7, "beyoncé"), (2**40 + 5, "guns n’ roses")}


def move_to(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if revision == BEFORE else command.upgrade)(config, revision)


def stored_keys(engine: Engine) -> set[tuple[int, str]]:
    query = select(SongArtist.song_id, SongArtist.artist_key).where(SongArtist.song_id.not_in(MANY))
    with Session(engine) as session:
        return {tuple(row) for row in session.execute(query)}


@pytest.fixture
def old_database(engine) -> Engine:
    """A database of the version before, with an artist of many songs."""
    migrate(engine)
    move_to(engine, BEFORE)
    artists = ARTISTS | {song_id: ["P!nk"] for song_id in MANY}
    keys = OLD_KEYS | {(song_id, "p!nk") for song_id in MANY}
    # Only columns that the version before has.
    songs = [
        {"song_id": song_id, "song_name": "song", "artists": names, "genres": []} for song_id, names in artists.items()
    ]
    with engine.begin() as connection:
        connection.execute(insert(SongMeta.__table__), songs)
        connection.execute(
            insert(SongArtist.__table__), [{"song_id": song_id, "artist_key": key} for song_id, key in keys]
        )
    return engine


def test_an_upgrade_writes_the_keys_anew(old_database):
    migrate(old_database)
    songs = Catalogue(old_database).songs_by(["ACDC", "태연", "beyonce", "Guns N' Roses", "Pink", "ac/dc"])
    assert songs.pop("Pink") == set(MANY)
    assert songs == {"ACDC": {0}, "태연": {7}, "beyonce": {7}, "Guns N' Roses": {2**40 + 5}, "ac/dc": {0}}
    assert not stored_keys(old_database) & OLD_KEYS


def test_a_downgrade_brings_the_earlier_keys_back(old_database):
    migrate(old_database)
    move_to(old_database, BEFORE)
    assert stored_keys(old_database) == OLD_KEYS


def test_an_empty_database_is_upgraded(engine):
    migrate(engine)
    assert stored_keys(engine) == set()
