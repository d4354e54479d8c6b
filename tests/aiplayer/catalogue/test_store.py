import signal
import time
from contextlib import suppress
from datetime import date
from urllib.parse import unquote

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import event, inspect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from aiplayer.artists import artist_keys
from aiplayer.catalogue import Catalogue, connect, migrate
from aiplayer.catalogue.database import MIGRATIONS
from aiplayer.catalogue.tables import PlyMeta, SongArtist, SongInPly, SongMeta, Table
from aiplayer.errors import InvalidInput, NotFound, Unavailable


class Killed(Exception):
    pass


@pytest.fixture
def catalogue(engine):
    migrate(engine)
    with Session(engine) as session, session.begin():
        for song_id, name, artist in (
            (1, "밤편지", "아이유"),
            (2, "Take Five", "Dave Brubeck"),
            (3, "So What", "Miles Davis"),
        ):
            session.add(
                SongMeta(
                    song_id=song_id, song_name=name, artists=[artist], genres=["jazz"], issue_date=date(1959, 1, 1)
                )
            )
            session.flush()
            session.add_all(SongArtist(artist_key=key, song_id=song_id) for key in artist_keys(artist))
        session.add(PlyMeta(ply_id=7, plylst_title="재즈", tags=["재즈"], like_cnt=0))
        session.flush()
        session.add_all([SongInPly(ply_id=7, position=0, song_id=3), SongInPly(ply_id=7, position=1, song_id=2)])
    return Catalogue(engine)


def test_migrating_twice_changes_nothing(engine):
    migrate(engine)
    migrate(engine)
    assert set(inspect(engine).get_table_names()) == {*Table.metadata.tables, "alembic_version"}


def test_a_migration_that_was_cut_off_anywhere_is_gone_on_with(engine):
    statements = 0

    def cut_off(*_):
        nonlocal statements
        statements += 1
        if statements == last:
            raise Killed

    for last in range(1, 200):
        statements = 0
        event.listen(engine, "before_cursor_execute", cut_off)
        with suppress(Killed):
            migrate(engine)
        event.remove(engine, "before_cursor_execute", cut_off)
        if statements < last:
            break

    assert last > len(Table.metadata.tables)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_migrations_can_be_taken_back(engine):
    migrate(engine)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(engine)
    assert set(inspect(engine).get_table_names()) == {*Table.metadata.tables, "alembic_version"}


def test_the_migrations_make_exactly_the_tables_of_the_code(engine):
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_a_database_without_tables_holds_no_catalogue(engine):
    assert Catalogue(engine).version() is None
    with pytest.raises(Unavailable, match="holds catalogue none, and the models were made for abc"):
        Catalogue(engine).require_version("abc")


def test_a_server_that_hangs_is_given_up(mariadb):
    engine = connect(mariadb.new_database(), timeout_s=1)
    migrate(engine)
    mariadb.process.send_signal(signal.SIGSTOP)
    try:
        started = time.monotonic()
        with pytest.raises(OperationalError):
            Catalogue(engine).version()
        assert time.monotonic() - started < 4
    finally:
        mariadb.process.send_signal(signal.SIGCONT)
    assert Catalogue(engine).version() is None
    engine.dispose()


def test_a_playlist_keeps_the_order_of_its_songs(catalogue):
    (playlist,) = catalogue.playlists([7])
    assert [song.name for song in playlist.songs] == ["So What", "Take Five"]
    assert playlist.songs[0].issued == date(1959, 1, 1)


def test_an_unknown_playlist_is_named(catalogue):
    with pytest.raises(NotFound, match="8, 9"):
        catalogue.playlists([7, 8, 9])


def test_songs_come_in_the_order_asked(catalogue):
    assert [song.song_id for song in catalogue.songs([3, 99, 1])] == [3, 1]


def test_artists_are_found_whatever_their_spelling_and_unknown_ones_have_no_songs(catalogue):
    artists = ["nobody", "MILES-davis ", "아이유 (IU)", "The Dave Brubeck", "!", "nobody"]
    songs = catalogue.songs_by(artists)
    assert songs == {"nobody": set(), "MILES-davis ": {3}, "아이유 (IU)": {1}, "The Dave Brubeck": {2}, "!": set()}
    assert list(songs) == list(dict.fromkeys(artists))
    assert catalogue.songs_by([]) == {}


def test_an_unknown_playlist_of_a_path_names_the_field_of_the_path(catalogue):
    assert catalogue.playlist(7).title == "재즈"
    with pytest.raises(NotFound, match="8") as caught:
        catalogue.playlist(8)
    assert (caught.value.code, caught.value.field) == ("unknown_playlist", "playlist_id")


@pytest.mark.parametrize("url", ["nonsense", "oracle9://user:secret@host/name", "mysql+nodriver://user:secret@host/x"])
def test_a_bad_database_url_is_refused_without_repeating_it(url):
    with pytest.raises(InvalidInput) as caught:
        connect(url)
    assert "secret" not in str(caught.value)
    assert "mysql+pymysql" in str(caught.value)


@pytest.mark.parametrize("password", ["p@secret", "p@secret/x", "p@1:secret", "secret@", "p@secret?x"])
def test_a_password_with_an_at_sign_is_to_be_encoded(password):
    with pytest.raises(InvalidInput, match=r"password in the database URL holds an @\. Write %40 for it") as caught:
        connect(f"mysql+pymysql://user:{password}@host/name")
    assert "secret" not in str(caught.value)


def test_a_port_that_is_no_number_is_refused_without_repeating_it():
    with pytest.raises(InvalidInput, match="The database URL cannot be used") as caught:
        connect("mysql+pymysql://user@host:secret/name")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("password", ["p%40ss", "p$s/s:s#s", ""])
def test_any_other_password_reaches_the_database(password):
    url = connect(f"mysql+pymysql://user@server:{password}@host:3306/name?charset=utf8mb4").url
    assert (url.username, url.password, url.host, url.port) == ("user@server", unquote(password), "host", 3306)


def test_a_tilde_begins_a_path_of_sqlite_as_it_does_in_a_shell(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert connect("sqlite:///~/own.db").url.database == str(tmp_path / "own.db")


def test_every_genre_of_the_songs_is_told_once(catalogue, engine):
    with Session(engine) as session, session.begin():
        session.get(SongMeta, 1).genres = ["발라드", "k-pop"]
    assert catalogue.genres() == ["jazz", "k-pop", "발라드"]
