"""A container fills an empty database with the packed catalogue, whole, and leaves every other catalogue alone."""

import subprocess
import sys
import time

import pytest
from sqlalchemy import delete, insert, inspect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, connect, migrate, staging
from aiplayer.catalogue.tables import CatalogueVersion, PlyMeta, SongInPly, SongMeta
from aiplayer.errors import Unavailable
from aiplayer.settings import PROJECT
from infra.container.database import await_database, bring_up_to_date, note_of
from infra.image.packing import pack_catalogue
from tests.support.mariadb import MariaDB

PLAYLISTS = 300


def fill(engine, version: str, playlists: int = PLAYLISTS) -> None:
    """A catalogue whose every playlist holds its own song and the one before."""
    migrate(engine)
    numbers = range(1, playlists + 1)
    with Session(engine) as session, session.begin():
        for table in (CatalogueVersion, SongInPly, PlyMeta, SongMeta):
            session.execute(delete(table))
        songs = [{"song_id": number, "song_name": f"곡 {number}", "artists": ["é"], "genres": []} for number in numbers]
        session.execute(insert(SongMeta), songs)
        titles = [{"ply_id": number, "plylst_title": f"밤 {number} 🌙", "tags": ["밤"]} for number in numbers]
        session.execute(insert(PlyMeta), titles)
        members = [
            {"ply_id": number, "position": position, "song_id": song_id}
            for number in numbers
            for position, song_id in enumerate({number, max(1, number - 1)})
        ]
        session.execute(insert(SongInPly), members)
        session.add(CatalogueVersion(version=version))


def contents(engine) -> tuple:
    catalogue = Catalogue(engine)
    return catalogue.version(), catalogue.playlists([number for number, _ in catalogue.titles()]), catalogue.counts()


def packed(folder, version: str = "packed", playlists: int = PLAYLISTS):
    """The path of a packed catalogue."""
    source = connect(f"sqlite:///{folder / version}.db")
    fill(source, version, playlists)
    pack_catalogue(source, folder / version)
    path = folder / version / "packed" / "catalogue.db"
    # As in an image, where nobody may write.
    path.chmod(0o444)
    path.parent.chmod(0o555)
    return path


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr("infra.container.database.ROWS_A_BATCH", 50)


@pytest.fixture
def engine(empty_database):
    return connect(empty_database, statement_timeout_s=60)


@pytest.mark.usefixtures("small_batches")
def test_an_empty_database_gets_the_packed_catalogue(engine, tmp_path):
    told = []
    path = packed(tmp_path)
    bring_up_to_date(engine, path, told.append, state=tmp_path / "state")
    assert told == ["filling the database with the catalogue of this image"]
    assert contents(engine) == contents(connect(f"sqlite:///{tmp_path / 'packed.db'}"))
    assert not [name for name in inspect(engine).get_table_names() if name.startswith("staged")]

    bring_up_to_date(engine, path, told.append, state=tmp_path / "state")
    assert len(told) == 1


@pytest.mark.usefixtures("small_batches")
def test_a_copy_that_was_broken_off_shows_nothing_and_is_gone_on_with(engine, tmp_path, monkeypatch):
    add, added = staging.Staging.add, []

    def add_some(self, batch):
        if len(added) == 9:
            raise KeyboardInterrupt
        added.append(batch)
        add(self, batch)

    path = packed(tmp_path)
    monkeypatch.setattr(staging.Staging, "add", add_some)
    with pytest.raises(KeyboardInterrupt):
        bring_up_to_date(engine, path, print, state=tmp_path / "state")
    assert Catalogue(engine).version() is None
    assert Catalogue(engine).counts() == {"songs": 0, "playlists": 0}

    monkeypatch.setattr(staging.Staging, "add", add)
    with staging.Staging(engine, "packed") as staged:
        assert staged.batches_committed == 9
    bring_up_to_date(engine, path, print, state=tmp_path / "state")
    assert contents(engine) == contents(connect(f"sqlite:///{tmp_path / 'packed.db'}"))


@pytest.mark.parametrize("version", ["mine", "packed-with-own-playlists"])
def test_a_catalogue_of_someones_own_is_left_alone(engine, tmp_path, version):
    fill(engine, version, playlists=2)
    bring_up_to_date(engine, packed(tmp_path), print, state=tmp_path / "state")
    assert (Catalogue(engine).version(), Catalogue(engine).counts()["playlists"]) == (version, 2)


def test_the_catalogue_of_an_earlier_image_is_replaced(engine, tmp_path):
    bring_up_to_date(engine, packed(tmp_path, "first", 2), print, state=tmp_path / "state")
    assert note_of("first", tmp_path / "state").exists()
    bring_up_to_date(engine, packed(tmp_path, "second", 3), print, state=tmp_path / "state")
    assert (Catalogue(engine).version(), Catalogue(engine).counts()["playlists"]) == ("second", 3)


@pytest.mark.process
def test_a_database_that_starts_later_is_awaited(mariadb: MariaDB):
    url = mariadb.new_database()
    mariadb.kill()
    told = []

    def start_then(line: str) -> None:
        told.append(line)
        mariadb.start()

    await_database(connect(url), 60, start_then)
    assert told == ["waiting for the database"]


@pytest.mark.process
def test_a_database_that_refuses_is_not_awaited(mariadb: MariaDB):
    url = mariadb.new_database()
    began = time.monotonic()
    with pytest.raises(OperationalError, match="Unknown database"):
        await_database(connect(f"{url}_of_nobody"), 60, print)
    assert time.monotonic() - began < 30


def test_a_database_that_never_answers_is_given_up_in_one_line():
    with pytest.raises(Unavailable, match=r"The database has not answered for 0.1 s\. Start it, or correct AIPLAYER_"):
        await_database(connect("mysql+pymysql://me:secret@127.0.0.1:1/name", 0.5), 0.1, print)


@pytest.mark.process
def test_containers_that_start_at_once_fill_one_database_once(mariadb: MariaDB, tmp_path):
    url, path = mariadb.new_database(), packed(tmp_path)
    program = (
        "import sys; from pathlib import Path; from aiplayer.catalogue import connect; from infra.container.database "
        "import alone_in, bring_up_to_date\n"
        "engine = connect(sys.argv[1], 60)\n"
        "with alone_in(engine): bring_up_to_date(engine, Path(sys.argv[2]), print, state=Path(sys.argv[3]))\n"
    )
    command = [sys.executable, "-c", program, url, str(path)]
    both = [
        subprocess.Popen([*command, str(tmp_path / name)], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        for name in ("one", "other")
    ]
    told = sorted(container.communicate()[0] for container in both)
    assert [container.returncode for container in both] == [0, 0]
    assert told == ["", "filling the database with the catalogue of this image\n"]
    assert Catalogue(connect(url)).version() == "packed"
