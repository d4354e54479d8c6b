"""The database as a file, and an empty one filled from it: SQLite, and a real MariaDB by its own programs."""

import gzip
import stat
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.engine import make_url

from aiplayer.catalogue import Catalogue, Generation, connect
from aiplayer.errors import InvalidInput, Unavailable
from infra.backup import restore, save
from tests.support.catalogues import catalogue_of_songs

GENERATION = Generation("비 오는 날 ‘재즈’ 🎧", [], [{"song_id": 1, "score": 0.5, "source": "new"}], ["재즈"])


@pytest.fixture
def filled(empty_database) -> str:
    """The URL of a database with a catalogue and a playlist that was made of it."""
    engine = connect(empty_database)
    catalogue_of_songs(engine, [1]).remember([GENERATION])
    engine.dispose()
    return empty_database


def another(url: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of the same kind."""
    if url.startswith("sqlite"):
        return f"sqlite:///{folder / 'another' / 'restored.db'}"
    return request.getfixturevalue("mariadb").new_database()


def generation_in(url: str, generation_id: UUID) -> Generation:
    engine = connect(url)
    try:
        return Catalogue(engine).generation(generation_id)
    finally:
        engine.dispose()


def test_all_that_was_kept_is_there_again(filled, tmp_path, request):
    file = save(make_url(filled), tmp_path / "backups")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    restored = another(filled, tmp_path, request)
    restore(make_url(restored), file)
    assert generation_in(restored, GENERATION.generation_id) == generation_in(filled, GENERATION.generation_id)
    old, new = connect(filled), connect(restored)
    assert Catalogue(old).version() == Catalogue(new).version()


def test_what_is_not_empty_is_left_as_it_is(filled, tmp_path):
    file = save(make_url(filled), tmp_path)
    with pytest.raises(InvalidInput, match="is not empty"):
        restore(make_url(filled), file)
    assert generation_in(filled, GENERATION.generation_id).title == GENERATION.title


def test_a_file_that_was_broken_off_or_damaged_fills_nothing(filled, tmp_path, request):
    file = save(make_url(filled), tmp_path)
    whole, restored = file.read_bytes(), make_url(another(filled, tmp_path, request))
    file.write_bytes(whole[:-100])
    with pytest.raises(InvalidInput, match="broken off"):
        restore(restored, file)
    if restored.get_backend_name() == "mysql":
        file.write_bytes(gzip.compress(gzip.decompress(whole)[:-2_000]))
        with pytest.raises(InvalidInput, match="its last line is missing"):
            restore(restored, file)
    file.write_bytes(whole[:50] + bytes(20) + whole[70:])
    with pytest.raises(InvalidInput, match="cannot be read"):
        restore(restored, file)
    # So it is empty still.
    file.write_bytes(whole)
    restore(restored, file)


def test_a_database_that_is_away_leaves_no_file(tmp_path):
    with pytest.raises(Unavailable, match="The database refuses"):
        save(make_url("mysql+pymysql://somebody:hidden@127.0.0.1:9/aiplayer"), tmp_path)
    with pytest.raises(InvalidInput, match="There is no database"):
        save(make_url(f"sqlite:///{tmp_path / 'missing.db'}"), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_file_of_another_kind_of_database_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match=r"has to end with \.db\.gz"):
        restore(make_url(f"sqlite:///{tmp_path / 'new.db'}"), tmp_path / "aiplayer.sql.gz")
    with pytest.raises(InvalidInput, match="postgresql cannot be kept"):
        save(make_url("postgresql://127.0.0.1/aiplayer"), tmp_path)
