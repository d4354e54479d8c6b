import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, Generation
from aiplayer.catalogue.tables import SongArtist, SongInPly
from aiplayer.errors import InvalidInput
from aiplayer.settings import PROJECT
from tests.support.melon import GENRES, PLAYLISTS, SONGS, make_dataset, write_dataset
from training.dataset import Dirt, import_melon, load, staging
from training.dataset.load import Progress


def rows(engine) -> dict:
    catalogue = Catalogue(engine)
    ids = [id for id, _ in catalogue.titles()]
    with Session(engine) as session:
        artists = session.execute(select(SongArtist.artist_key, SongArtist.song_id).order_by(SongArtist.song_id)).all()
    return {"playlists": catalogue.playlists(ids), "artists": artists, "version": catalogue.version()}


@pytest.fixture
def melon(tmp_path):
    return write_dataset(tmp_path, song_meta=SONGS, genre_gn_all=GENRES, train=PLAYLISTS)


def test_playlists_come_with_songs_artists_genres_and_years(melon, engine):
    import_melon(melon, engine)
    (playlist,) = Catalogue(engine).playlists([42])
    assert (playlist.title, playlist.tags) == ("밤의 재즈 🌙", ["재즈", "밤"])
    assert [(song.name, song.genres, song.issued.year) for song in playlist.songs] == [
        ("Take Five", ["재즈", "GN9999"], 1959),
        ("밤편지", ["발라드"], 2017),
    ]


def test_an_artist_that_stands_twice_is_stored_once(melon, engine):
    import_melon(melon, engine)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).where(SongArtist.song_id == 1)) == 1


def test_without_song_meta_songs_are_known_by_number_and_a_line_says_so_once(tmp_path, engine):
    lines = []

    class Listener(Progress):
        def say(self, line):
            lines.append(line)

    import_melon(write_dataset(tmp_path, train=PLAYLISTS), engine, progress=Listener())
    (playlist,) = Catalogue(engine).playlists([42])
    assert [(song.name, song.artists) for song in playlist.songs] == [("Song 1", []), ("Song 0", []), ("Song 99", [])]
    assert sum("known by number only" in line for line in lines) == 1


def test_importing_twice_gives_the_same_rows_and_keeps_the_log(melon, engine):
    version = import_melon(melon, engine)
    before = rows(engine)
    catalogue = Catalogue(engine)
    generation = Generation("밤", [42], [], [])
    catalogue.remember(generation)
    assert import_melon(melon, engine) == version == catalogue.version()
    assert rows(engine) == before
    assert catalogue.generation(generation.generation_id) == generation


def test_another_dataset_replaces_the_first(melon, engine, tmp_path_factory):
    import_melon(melon, engine)
    import_melon(write_dataset(tmp_path_factory.mktemp("other"), **make_dataset(5)), engine)
    assert Catalogue(engine).counts() == {"songs": 5, "playlists": 5}


def test_an_import_that_was_stopped_goes_on_where_it_was(tmp_path, engine, monkeypatch):
    monkeypatch.setattr(load, "ROWS_A_BATCH", 10)
    folder = write_dataset(tmp_path, **make_dataset(100))
    import_melon(write_dataset(tmp_path / "small", **make_dataset(3)), engine)
    before = rows(engine)
    committed = []
    add = staging.Staging.add

    def count_and_stop(self, batch):
        if len(committed) == 17:
            raise KeyboardInterrupt
        add(self, batch)
        committed.append(batch)

    monkeypatch.setattr(staging.Staging, "add", count_and_stop)
    with pytest.raises(KeyboardInterrupt):
        import_melon(folder, engine)
    assert rows(engine) == before
    monkeypatch.setattr(staging.Staging, "add", add)
    with staging.Staging(engine, load.dataset_version(folder)) as staged:
        assert staged.batches_committed == 17
    import_melon(folder, engine)
    assert Catalogue(engine).counts() == {"songs": 100, "playlists": 100}
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(SongInPly)) == 200
        assert session.scalar(select(func.count()).select_from(SongArtist)) == 100
    assert not [name for name in inspect(engine).get_table_names() if name.startswith("staged")]


def test_a_second_import_at_the_same_time_is_refused(tmp_path, engine):
    first, second = staging.Staging(engine, "v"), staging.Staging(engine, "v")
    batch = staging.Batch("song_artist", [{"artist_key": "a", "song_id": 1}])
    with first:
        first.add(batch)
        with second:
            second.add(batch)
            second.add(batch)
            with pytest.raises(InvalidInput, match="Another import"):
                first.add(batch)


def test_a_missing_or_broken_file_is_named(melon, engine):
    (melon / "genre_gn_all.json").write_text("{")
    with pytest.raises(InvalidInput, match=r"genre_gn_all\.json is not JSON"):
        import_melon(melon, engine)
    (melon / "train.json.gz").unlink()
    with pytest.raises(InvalidInput, match=r"no train\.json"):
        import_melon(melon, engine)


def run_import(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "training.dataset", "import", *map(str, arguments)]


@pytest.mark.process
def test_the_command_prints_one_line_and_no_traceback_when_it_fails(tmp_path):
    command = run_import("--melon", tmp_path, "--database", "nonsense")
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: The database URL cannot be used")
    assert ended.stderr.count("\n") == 1


@pytest.mark.process
def test_the_command_lists_what_is_dirty(melon, empty_database, tmp_path):
    listed = tmp_path / "dirty.csv"
    command = run_import("--melon", melon, "--database", empty_database, "--dirty", listed)
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "1 unknown_song: left out of the playlist" in ended.stdout
    assert "3 songs, 2 playlists" in ended.stdout
    assert "train.json.gz,1,1,42,unknown_song,song 99 is not in song_meta" in listed.read_text()
    again = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert "holds this dataset already" in again.stdout
    assert listed.exists()


@pytest.mark.process
def test_an_import_that_is_killed_is_finished_by_the_next_one(tmp_path, engine, empty_database):
    folder = write_dataset(tmp_path, **make_dataset(25_000))
    command = run_import("--melon", folder, "--database", empty_database, "--dirty", tmp_path / "dirty.csv")
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if inspect(engine).has_table("staged_progress"):
            with engine.connect() as connection:
                if (connection.exec_driver_sql("SELECT max(batches) FROM staged_progress").scalar() or 0) >= 2:
                    process.send_signal(signal.SIGKILL)
                    break
        time.sleep(0.01)
    assert process.wait(timeout=60) == -signal.SIGKILL
    import_melon(folder, engine, Dirt())
    with Session(engine) as session:
        assert Catalogue(engine).counts() == {"songs": 25_000, "playlists": 25_000}
        assert session.scalar(select(func.count()).select_from(SongInPly)) == 50_000
