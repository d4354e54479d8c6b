import gzip
import json
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
from training.dataset import Dirt, import_melon, load, staging
from training.dataset.load import Progress

SONGS = [
    {
        "id": 0,
        "song_name": "밤편지",
        "artist_name_basket": ["아이유"],
        "song_gn_gnr_basket": ["GN0100"],
        "issue_date": "20170324",
    },
    {
        "id": 1,
        "song_name": "Take Five",
        "artist_name_basket": ["Dave Brubeck", "dave brubeck"],
        "song_gn_gnr_basket": ["GN1700", "GN9999"],
        "issue_date": "19590000",
    },
    {"id": 2, "song_name": "?", "artist_name_basket": ["?"], "song_gn_gnr_basket": [], "issue_date": "00000000"},
]
GENRES = {"GN0100": "발라드", "GN1700": "재즈"}
PLAYLISTS = [
    {
        "id": 42,
        "plylst_title": "밤의 재즈 🌙",
        "tags": ["재즈", "밤"],
        "songs": [1, 0, 99],
        "like_cnt": 8,
        "updt_date": "2019-02-18 13:52:30.000",
    },
    {"id": 43, "plylst_title": "빈 날짜", "tags": [], "songs": [2], "like_cnt": 0, "updt_date": ""},
]


def write(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        with gzip.open(folder / f"{name}.json.gz", "wt", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
    return folder


def many(count: int) -> dict:
    """A dataset of `count` playlists and as many songs."""
    songs = [SONGS[0] | {"id": id, "song_name": f"song {id}", "artist_name_basket": [f"a{id}"]} for id in range(count)]
    playlists = [PLAYLISTS[0] | {"id": id, "songs": [id, (id + 1) % count]} for id in range(count)]
    return {"song_meta": songs, "genre_gn_all": GENRES, "train": playlists}


def rows(engine) -> dict:
    catalogue = Catalogue(engine)
    ids = [id for id, _ in catalogue.titles()]
    with Session(engine) as session:
        artists = session.execute(select(SongArtist.artist_key, SongArtist.song_id).order_by(SongArtist.song_id)).all()
    return {"playlists": catalogue.playlists(ids), "artists": artists, "version": catalogue.version()}


@pytest.fixture
def melon(tmp_path):
    return write(tmp_path, song_meta=SONGS, genre_gn_all=GENRES, train=PLAYLISTS)


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


def test_without_song_meta_songs_are_known_by_number_which_is_said_once(tmp_path, engine):
    said = []

    class Told(Progress):
        def say(self, line):
            said.append(line)

    import_melon(write(tmp_path, train=PLAYLISTS), engine, progress=Told())
    (playlist,) = Catalogue(engine).playlists([42])
    assert [(song.name, song.artists) for song in playlist.songs] == [("Song 1", []), ("Song 0", []), ("Song 99", [])]
    assert sum("known by number only" in line for line in said) == 1


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
    import_melon(write(tmp_path_factory.mktemp("other"), **many(5)), engine)
    assert Catalogue(engine).counts() == {"songs": 5, "playlists": 5}


def test_an_import_that_was_stopped_goes_on_where_it_was(tmp_path, engine, monkeypatch):
    monkeypatch.setattr(load, "ROWS_A_BATCH", 10)
    folder = write(tmp_path, **many(100))
    import_melon(write(tmp_path / "small", **many(3)), engine)
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
        assert staged.done == 17
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


def test_the_command_prints_one_line_and_no_traceback_when_it_fails(tmp_path):
    command = run_import("--melon", tmp_path, "--database", "nonsense")
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: The database URL cannot be used")
    assert ended.stderr.count("\n") == 1


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


def test_an_import_that_is_killed_is_finished_by_the_next_one(tmp_path, engine, empty_database):
    folder = write(tmp_path, **many(25_000))
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
