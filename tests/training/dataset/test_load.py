import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import delete, func, inspect, select
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, Generation, migrate, staging
from aiplayer.catalogue.tables import PlyMeta, SongArtist, SongInPly, SongMeta, Table
from aiplayer.errors import InvalidInput
from aiplayer.settings import PROJECT
from tests.support.commands import run_within
from tests.support.melon import GENRES, PLAYLISTS, SONGS, make_dataset, write_dataset
from training.dataset import Dirt, import_melon, load
from training.dataset.__main__ import main
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
    catalogue.remember([generation])
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


TEXT_IDS = [playlist | {"id": f"no {playlist['id']}"} for playlist in PLAYLISTS]
NO_LISTS = [playlist | {"songs": str(playlist["songs"])} for playlist in PLAYLISTS]


@pytest.mark.parametrize(
    ("train", "findings"),
    [([], "it holds none"), (TEXT_IDS, "2 wrong_type"), (NO_LISTS, "2 wrong_type"), ([1, 2, 3], "3 wrong_type")],
)
def test_a_dataset_of_which_nothing_can_be_used_replaces_nothing(melon, engine, tmp_path_factory, train, findings):
    import_melon(melon, engine)
    before = rows(engine)
    bad = write_dataset(tmp_path_factory.mktemp("bad"), song_meta=SONGS, train=train)
    for keep in (False, True):
        with pytest.raises(InvalidInput, match=f"No playlist of .* could be used: {findings}") as refusal:
            import_melon(bad, engine, keep_what_can_be_read=keep)
        assert "The catalogue stays as it is." in refusal.value.message
        assert rows(engine) == before
    assert not [name for name in inspect(engine).get_table_names() if name.startswith("staged")]


def test_a_dataset_that_is_cut_off_replaces_nothing_unless_it_is_wanted(melon, engine, tmp_path_factory):
    import_melon(melon, engine)
    before = rows(engine)
    cut = write_dataset(tmp_path_factory.mktemp("cut"), **make_dataset(500))
    packed = (cut / "train.json.gz").read_bytes()
    (cut / "train.json.gz").write_bytes(packed[: len(packed) // 2])

    with pytest.raises(InvalidInput, match=r"train\.json\.gz is damaged at record .*1 truncated_file") as refusal:
        import_melon(cut, engine)
    assert refusal.value.code == "damaged_dataset"
    assert "--keep-what-can-be-read" in refusal.value.message
    assert rows(engine) == before

    import_melon(cut, engine, keep_what_can_be_read=True)
    counts = Catalogue(engine).counts()
    assert counts["songs"] == 500
    assert 100 < counts["playlists"] < 500


def test_a_dataset_of_which_most_cannot_be_used_replaces_nothing_unless_it_is_wanted(melon, engine, tmp_path_factory):
    import_melon(melon, engine)
    before = rows(engine)
    bad = write_dataset(tmp_path_factory.mktemp("bad"), song_meta=SONGS, train=[*TEXT_IDS, *PLAYLISTS[:1]])
    with pytest.raises(InvalidInput, match=r"1 of its 3 records can be used \(2 wrong_type, 1 unknown_song\)"):
        import_melon(bad, engine)
    assert rows(engine) == before
    import_melon(bad, engine, keep_what_can_be_read=True)
    assert Catalogue(engine).counts() == {"songs": 3, "playlists": 1}


def test_a_file_in_place_of_its_folder_is_refused(melon, engine):
    with pytest.raises(InvalidInput, match=r"train\.json\.gz is a file. Give the folder"):
        import_melon(melon / "train.json.gz", engine)


def test_an_empty_catalogue_under_the_version_of_a_dataset_is_filled(melon, engine):
    version = import_melon(melon, engine)
    before = rows(engine)
    with Session(engine) as session, session.begin():
        session.execute(delete(PlyMeta))
        session.execute(delete(SongMeta))
    assert import_melon(melon, engine) == version
    assert rows(engine) == before


def test_every_table_has_a_primary_key(engine):
    """Servers may insist on it: `sql_require_primary_key` of MySQL, which MariaDB lacks."""
    migrate(engine)
    with staging.Staging(engine, "v") as staged:
        tables = inspect(engine).get_table_names()
        assert set(staged.metadata.tables) < set(tables)
        for table in tables:
            assert inspect(engine).get_pk_constraint(table)["constrained_columns"], table
    for table in (*staged.metadata.tables.values(), *Table.metadata.tables.values()):
        assert list(table.primary_key), table.name


def test_staging_tables_of_another_version_of_the_program_are_made_anew(melon, engine):
    version = load.dataset_version(melon)
    with staging.Staging(engine, version) as staged:
        staged.add(staging.Batch("song_artist", [{"artist_key": "a", "song_id": 1}]))
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE staged_song_meta DROP COLUMN duration_ms")
    import_melon(melon, engine)
    assert Catalogue(engine).counts() == {"songs": 3, "playlists": 2}


def run_import(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "training.dataset", "import", *map(str, arguments)]


@pytest.mark.process
def test_the_command_prints_one_line_and_no_traceback_when_it_fails(tmp_path):
    command = run_import("--melon", tmp_path, "--database", "nonsense")
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: The database URL cannot be used")
    assert ended.stderr.count("\n") == 1


def test_the_command_lists_what_is_dirty(melon, empty_database, tmp_path):
    listed = tmp_path / "dirty.csv"
    command = ("import", "--melon", melon, "--database", empty_database, "--dirty", listed)
    ended = run_within(main, *command)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "1 unknown_song: left out of the playlist" in ended.stdout
    assert "3 songs, 2 playlists" in ended.stdout
    assert "train.json.gz,1,1,42,unknown_song,song 99 is not in song_meta" in listed.read_text()
    again = run_within(main, *command)
    assert "holds this dataset already" in again.stdout
    assert listed.exists()


def test_the_command_says_why_it_refuses_and_what_it_found(melon, tmp_path):
    packed = (melon / "train.json.gz").read_bytes()
    (melon / "train.json.gz").write_bytes(packed[:-20])
    database = f"sqlite:///{tmp_path / 'x.db'}"
    command = ("import", "--melon", melon, "--database", database, "--dirty", tmp_path / "dirty.csv")
    ended = run_within(main, *command)
    assert ended.returncode == 1
    assert "1 truncated_file" in ended.stdout
    assert f"Each is listed in {tmp_path / 'dirty.csv'}" in ended.stdout
    assert ended.stderr.startswith("error: train.json.gz is damaged at record")
    assert ended.stderr.count("\n") == 1

    kept = run_within(main, *command, "--keep-what-can-be-read")
    assert (kept.returncode, kept.stderr) == (0, "")
    assert "1 playlists" in kept.stdout


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
