"""What an image holds of a database: songs and playlists, and nothing that anybody typed."""

import sqlite3
from contextlib import closing
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, connect, migrate
from aiplayer.catalogue.tables import (
    OWN_IDS_FROM,
    CatalogueVersion,
    Feedback,
    PlyMeta,
    SongArtist,
    SongInPly,
    SongMeta,
    Translation,
    UserLog,
)
from aiplayer.errors import InvalidInput
from infra.container.database import open_packed
from infra.image.packing import pack_catalogue

TYPED = "내 비밀 여행"


@pytest.fixture
def database(tmp_path):
    """A catalogue of one playlist, which was asked for and liked."""
    engine = connect(f"sqlite:///{tmp_path / 'source.db'}")
    migrate(engine)
    generation_id = uuid4()
    with Session(engine) as session, session.begin():
        session.add(SongMeta(song_id=1, song_name="밤편지", artists=["아이유"], genres=["발라드"]))
        session.add(PlyMeta(ply_id=7, plylst_title="밤 산책", tags=["밤"], like_cnt=3))
        session.flush()
        session.add(SongArtist(artist_key="아이유", song_id=1))
        session.add(SongInPly(ply_id=7, position=0, song_id=1))
        session.add(CatalogueVersion(version="v"))
        session.add(Translation(title_digest="x", english=TYPED))
        session.add(
            UserLog(generation_id=generation_id, title=TYPED, seed_playlists=[7], songs=[], tags=[TYPED], liked=True)
        )
        session.flush()
        session.add(Feedback(generation_id=generation_id, liked=True, client="a" * 32))
    return engine


def test_songs_and_playlists_are_packed_and_nothing_that_was_typed(database, tmp_path):
    assert pack_catalogue(database, tmp_path / "bento") == "v"
    path = tmp_path / "bento" / "packed" / "catalogue.db"
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"song_meta", "song_artist", "ply_meta", "song_in_ply", "catalogue_version"}
    assert TYPED.encode() not in path.read_bytes()

    packed = Catalogue(open_packed(path))
    assert packed.version() == "v"
    assert packed.playlists([7]) == Catalogue(database).playlists([7])
    assert packed.songs_by(["아이유"]) == {"아이유": {1}}


def test_playlists_of_a_creators_own_are_not_put_into_an_image(database, tmp_path):
    with Session(database) as session, session.begin():
        session.add(PlyMeta(ply_id=OWN_IDS_FROM, plylst_title=TYPED, tags=[]))
    with pytest.raises(InvalidInput, match="The catalogue holds 1 playlists of creators' own, which are not put into"):
        pack_catalogue(database, tmp_path / "bento")
    assert not (tmp_path / "bento").exists()


def test_a_database_without_a_catalogue_is_refused(tmp_path):
    empty = connect(f"sqlite:///{tmp_path / 'empty.db'}")
    migrate(empty)
    with pytest.raises(InvalidInput, match=r"The database holds no catalogue\. Run `make setup` once"):
        pack_catalogue(empty, tmp_path / "bento")
