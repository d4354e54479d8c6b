import gzip
import json
import subprocess
import sys

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, Generation, connect
from aiplayer.catalogue.tables import SongArtist, SongInPly, SongMeta
from aiplayer.errors import InvalidInput
from aiplayer.settings import PROJECT
from training.dataset import import_melon

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
        "plylst_title": "밤의 재즈",
        "tags": ["재즈", "밤"],
        "songs": [1, 0, 99],
        "like_cnt": 8,
        "updt_date": "2019-02-18 13:52:30.000",
    },
    {"id": 43, "plylst_title": "빈 날짜", "tags": [], "songs": [2], "like_cnt": 0, "updt_date": ""},
]


@pytest.fixture
def melon(tmp_path):
    for name, content in {"song_meta": SONGS, "genre_gn_all": GENRES}.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    with gzip.open(tmp_path / "train.json.gz", "wt", encoding="utf-8") as file:
        json.dump(PLAYLISTS, file, ensure_ascii=False)
    return tmp_path


@pytest.fixture
def engine(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'test.db'}")
    yield engine
    engine.dispose()


def test_playlists_come_with_songs_artists_genres_and_years(melon, engine):
    import_melon(melon, engine)
    (playlist,) = Catalogue(engine).playlists([42])
    assert (playlist.title, playlist.tags) == ("밤의 재즈", ["재즈", "밤"])
    assert [(song.name, song.genres, song.year) for song in playlist.songs] == [
        ("Take Five", ["재즈", "GN9999"], 1959),
        ("밤편지", ["발라드"], 2017),
    ]


def test_an_impossible_date_is_an_unknown_year(melon, engine):
    import_melon(melon, engine)
    assert Catalogue(engine).songs([2])[0].year is None


def test_an_artist_that_stands_twice_is_stored_once(melon, engine):
    import_melon(melon, engine)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).where(SongArtist.song_id == 1)) == 1


def test_importing_twice_gives_the_same_rows_and_keeps_the_log(melon, engine):
    version = import_melon(melon, engine)
    catalogue = Catalogue(engine)
    generation = Generation("밤", [42], [], [])
    catalogue.remember(generation)
    assert import_melon(melon, engine) == version == catalogue.version()
    assert catalogue.counts() == {"songs": 3, "playlists": 2}
    assert catalogue.generation(generation.generation_id) == generation


def test_a_failed_import_leaves_the_old_catalogue(melon, engine):
    version = import_melon(melon, engine)
    duplicate = [*PLAYLISTS, PLAYLISTS[0]]
    with gzip.open(melon / "train.json.gz", "wt", encoding="utf-8") as file:
        json.dump(duplicate, file)
    with pytest.raises(Exception, match="UNIQUE"):
        import_melon(melon, engine)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(SongInPly)) == 3
        assert session.scalar(select(func.count()).select_from(SongMeta)) == 3
    assert Catalogue(engine).version() == version


def test_a_missing_or_broken_file_is_named(melon, engine):
    (melon / "genre_gn_all.json").write_text("{")
    with pytest.raises(InvalidInput, match=r"genre_gn_all\.json is not JSON"):
        import_melon(melon, engine)
    (melon / "genre_gn_all.json").unlink()
    with pytest.raises(InvalidInput, match=r"no genre_gn_all\.json"):
        import_melon(melon, engine)


def test_the_command_prints_one_line_and_no_traceback_when_it_fails(tmp_path):
    command = [sys.executable, "-m", "training.dataset", "import", "--melon", str(tmp_path), "--database", "nonsense"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: The database URL cannot be used")
    assert ended.stderr.count("\n") == 1
