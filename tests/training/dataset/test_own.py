"""A creator's own playlists from CSV, beside a dataset."""

import unicodedata
from datetime import date

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue
from aiplayer.catalogue.tables import OWN_IDS_FROM, SongMeta
from aiplayer.errors import InvalidInput
from tests.support.melon import GENRES, PLAYLISTS, SONGS, write_dataset
from tests.support.tables import write_table
from training.dataset import Dirt, import_csv, import_melon
from training.dataset.exportify import read_csv
from training.dataset.load import Progress
from training.dataset.own import own_playlists

EXPORTIFY = (
    '"Track URI","Track Name","Album Name","Artist Name(s)","Release Date","Added At","Genres"\n'
    '"spotify:track:1","Take Five","Time Out","Dave Brubeck;Paul Desmond","1959-12-14","2024-05-01T08:00:00Z","jazz"\n'
    '"spotify:track:2","새 노래","","새 가수","2024-01","2024-06-01T08:00:00Z",""\n'
)


def own(engine) -> list:
    catalogue = Catalogue(engine)
    return catalogue.playlists([id for id, _ in catalogue.titles() if id >= OWN_IDS_FROM])


def test_an_export_becomes_a_playlist_named_after_its_file(tmp_path):
    dirt = Dirt()
    (playlist,) = read_csv(write_table(tmp_path, EXPORTIFY), dirt)
    assert (playlist.title, playlist.tags, str(playlist.updated)) == ("rainy day jazz", (), "2024-06-01 08:00:00")
    assert [(song.name, song.artists, song.genres, song.issued) for song in playlist.songs] == [
        ("Take Five", ("Dave Brubeck", "Paul Desmond"), ("jazz",), date(1959, 12, 14)),
        ("새 노래", ("새 가수",), (), date(2024, 1, 1)),
    ]
    assert not dirt.counts


def test_a_plain_table_may_hold_several_playlists_and_their_tags(tmp_path):
    table = 'title,song,artists,tags\n밤,A,"X, Y","재즈, 밤"\n낮,B,"Tyler\\, The Creator",낮\n밤,C,Z,재즈;새벽\n'
    night, day = read_csv(write_table(tmp_path, table), Dirt())
    assert (night.title, night.tags) == ("밤", ("재즈", "밤", "새벽"))
    assert [(song.name, song.artists) for song in night.songs] == [("A", ("X", "Y")), ("C", ("Z",))]
    assert day.songs[0].artists == ("Tyler, The Creator",)


def test_korean_spreadsheets_are_read(tmp_path):
    (playlist,) = read_csv(write_table(tmp_path, "song,artists\n봄날,가수\n".encode("cp949")), Dirt())
    assert playlist.songs[0].name == "봄날"


@pytest.mark.parametrize(
    ("rows", "reason", "songs"),
    [
        ("A,X,1999\n,X,1999\n", "missing_name", 1),
        ("A,,1999\n", "missing_artists", 1),
        ("A,X,1999-13\n", "bad_date", 1),
        ("A,X,1999\nA,X,1999\n", "repeated_song", 1),
        ("A,X,1999\nB\n", "wrong_type", 1),
    ],
)
def test_dirty_rows_are_noted(tmp_path, rows, reason, songs):
    dirt = Dirt()
    (playlist,) = read_csv(write_table(tmp_path, "song,artists,release date\n" + rows), dirt)
    assert (dirt.counts, len(playlist.songs)) == ({reason: 1}, songs)


def test_a_table_without_songs_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(InvalidInput, match="Track Name, Song"):
        read_csv(write_table(tmp_path, "a,b\n1,2\n"), Dirt())
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_csv(tmp_path / "none.csv", Dirt())


def test_songs_that_the_dataset_knows_are_the_datasets(tmp_path, engine):
    import_melon(write_dataset(tmp_path, song_meta=SONGS, genre_gn_all=GENRES, train=PLAYLISTS), engine)
    import_csv(write_table(tmp_path, EXPORTIFY.replace("Take Five", "take five ")), engine)
    (playlist,) = own(engine)
    assert playlist.songs[0].song_id == 1
    assert playlist.songs[1].song_id >= OWN_IDS_FROM
    assert Catalogue(engine).songs_by(["새 가수"]) == {"새 가수": {playlist.songs[1].song_id}}


@pytest.mark.parametrize(
    "row",
    [
        *("Don’t Stop Me Now,Queen", "don't stop me now - Remastered 2011,QUEEN", "Don't Stop Me Now (Mono),The Queen"),
        *("Don't Stop Me Now (feat. Nobody),Queen;Nobody", "Don't Stop Me Now,퀸 (Queen)"),
    ],
)
def test_a_song_is_the_datasets_however_its_name_is_written(tmp_path, engine, row):
    songs = [SONGS[0] | {"id": 5, "song_name": "Don't Stop Me Now", "artist_name_basket": ["Queen"]}]
    songs.append(songs[0] | {"id": 6, "song_name": "Don't Stop Me Now (Live)"})
    songs += SONGS
    import_melon(write_dataset(tmp_path, song_meta=songs, genre_gn_all=GENRES, train=PLAYLISTS), engine)
    import_csv(write_table(tmp_path, f"song,artists\n{row}\n"), engine)
    assert [song.song_id for song in own(engine)[0].songs] == [5]


def test_own_songs_of_one_recording_are_one_song(tmp_path, engine):
    import_csv(write_table(tmp_path, "title,song,artists\n밤,Don't Know Why,Norah Jones\n낮,봄,가수\n"), engine)
    (first,) = Catalogue(engine).songs_by(["Norah Jones"])["Norah Jones"]
    import_csv(
        write_table(tmp_path, "title,song,artists\n낮,Don’t Know Why (Remastered),NORAH JONES\n낮,여름,가수\n"), engine
    )
    assert Catalogue(engine).songs_by(["Norah Jones"]) == {"Norah Jones": {first}}

    import_csv(write_table(tmp_path, "title,song,artists\n봄,P!nk,A-B\n봄,p!nk,a b\n"), engine)
    assert [len(playlist.songs) for playlist in own(engine) if playlist.title == "봄"] == [1]


def test_titles_that_only_resemble_each_other_are_different_playlists(tmp_path, engine):
    rows = "".join(
        f"{title},A,X\n" for title in ("AC/DC", "ACDC", "The Night", "Night", "밤 (Remastered)", "밤", "Café", "Cafe")
    )
    import_csv(write_table(tmp_path, "title,song,artists\n" + rows), engine)
    assert len(own(engine)) == 8
    import_csv(write_table(tmp_path, "title,song,artists\n" + unicodedata.normalize("NFD", "CAFÉ,B,Y\n")), engine)
    assert len(own(engine)) == 8


def test_decomposed_text_and_what_shows_nothing(tmp_path):
    table = "song,artists,tags\n봄날,가수,재즈\n여름,\u3164;가수,\u200b\n\u3164,가수,밤\n"
    path = write_table(tmp_path, unicodedata.normalize("NFD", table), unicodedata.normalize("NFD", "비 오는 날.csv"))
    dirt = Dirt()
    (playlist,) = read_csv(path, dirt)
    assert (playlist.title, playlist.tags) == ("비 오는 날", ("재즈", "밤"))
    assert [(song.name, song.artists) for song in playlist.songs] == [("봄날", ("가수",)), ("여름", ("가수",))]
    assert dirt.counts == {"missing_name": 1}


def test_importing_a_table_twice_changes_nothing_and_a_shorter_one_replaces_it(tmp_path, engine):
    path = write_table(tmp_path, EXPORTIFY)
    import_csv(path, engine)
    before, version = own(engine), Catalogue(engine).version()
    import_csv(path, engine)
    assert (own(engine), Catalogue(engine).version()) == (before, version)
    import_csv(write_table(tmp_path, EXPORTIFY.rsplit("\n", 2)[0]), engine)
    assert [song.name for song in own(engine)[0].songs] == ["Take Five"]
    assert Catalogue(engine).version() != version
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(SongMeta)) == 1


def test_own_playlists_outlive_a_new_dataset(tmp_path, engine):
    import_csv(write_table(tmp_path, EXPORTIFY), engine)
    (alone,) = own(engine)
    import_melon(write_dataset(tmp_path, song_meta=SONGS, genre_gn_all=GENRES, train=PLAYLISTS), engine)
    (beside,) = own(engine)
    assert [song.name for song in beside.songs] == [song.name for song in alone.songs]
    assert beside.playlist_id == alone.playlist_id
    assert beside.songs[0].song_id == 1
    dataset, _, digest = Catalogue(engine).version().partition("-")
    assert dataset == Catalogue(engine).dataset_version()
    assert len(digest) == 12


def test_durations_are_kept_with_the_songs_and_outlive_a_new_dataset(tmp_path, engine):
    rows = "Take Five,Dave Brubeck,324000\n새 노래,새 가수,\nBlue,x,200000\n"
    path = write_table(tmp_path, "Track Name,Artist Name(s),Track Duration (ms)\n" + rows)
    import_csv(path, engine)
    (alone,) = own(engine)
    assert [song.duration_ms for song in alone.songs] == [324_000, None, 200_000]

    import_melon(write_dataset(tmp_path, song_meta=SONGS, genre_gn_all=GENRES, train=PLAYLISTS), engine)
    (beside,) = own(engine)
    assert beside.songs[0].song_id == 1
    assert [song.duration_ms for song in beside.songs] == [324_000, None, 200_000]
    version = Catalogue(engine).version()
    import_csv(path, engine)
    assert Catalogue(engine).version() == version


def test_a_duration_that_is_learned_later_is_added(tmp_path, engine):
    import_csv(write_table(tmp_path, "Title,Artist\nBlue,x\n"), engine)
    before = Catalogue(engine).version()
    import_csv(write_table(tmp_path, "Title,Artist,Length\nBlue,x,3:20\n", "other.csv"), engine)
    assert {song.duration_ms for playlist in own(engine) for song in playlist.songs} == {200_000}
    assert Catalogue(engine).version() != before


def test_playlists_without_durations_keep_the_version_of_before(tmp_path, engine):
    """The digest of this table as it was before songs had durations: else models would be trained anew for nothing."""
    import_csv(write_table(tmp_path, EXPORTIFY), engine)
    assert Catalogue(engine).version() == "none-af12f05e57b2"


def test_own_playlists_are_read_in_two_queries(tmp_path, engine):
    titles = "\n".join(f"list {number},song {number},x" for number in range(20))
    import_csv(write_table(tmp_path, "Playlist,Song,Artist\n" + titles), engine)
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    with Session(engine) as session:
        playlists = own_playlists(session)
    assert [len(playlist.songs) for playlist in playlists] == [1] * 20
    assert (
        len(
            [
                statement
                for statement in statements
                if statement.startswith("SELECT ply_meta") or "song_in_ply" in statement
            ]
        )
        == 2
    )


def test_files_of_one_command_with_one_title_are_one_playlist(tmp_path, engine):
    lines = []

    class Listener(Progress):
        def say(self, line):
            lines.append(line)

    (tmp_path / "older").mkdir()
    first = write_table(tmp_path / "older", "Title,Artist,Tags\nBlue,x,밤\nGreen,x,밤\n", "Rain.csv")
    second = write_table(tmp_path, "Title,Artist,Tags\nGreen,x,비\nRed,x,비\n", "rain.csv")
    import_csv([first, second], engine, progress=Listener())
    (playlist,) = own(engine)
    assert (playlist.title, playlist.tags) == ("Rain", ["밤", "비"])
    assert [song.name for song in playlist.songs] == ["Blue", "Green", "Red"]
    assert sum("both become one" in line for line in lines) == 1


def test_where_one_file_of_a_command_cannot_be_read_none_is_added(tmp_path, engine):
    good = write_table(tmp_path, EXPORTIFY)
    bad = write_table(tmp_path, "", "bad.csv")
    with pytest.raises(InvalidInput, match=r"bad\.csv is empty"):
        import_csv([good, bad], engine)
    assert Catalogue(engine).version() is None


def test_an_artist_of_the_catalogue_keeps_the_comma_of_its_name(tmp_path, engine):
    songs = [SONGS[0] | {"artist_name_basket": ["Earth, Wind & Fire"], "song_name": "September"}, *SONGS[1:]]
    import_melon(write_dataset(tmp_path, song_meta=songs, genre_gn_all=GENRES, train=PLAYLISTS), engine)
    table = 'Title,Artist\nSeptember,"Earth, Wind & Fire"\nBoth,"earth, wind & fire, Somebody"\n'
    import_csv(write_table(tmp_path, table), engine)
    september, both = own(engine)[0].songs
    assert september.song_id == 0
    assert both.artists == ["earth, wind & fire", "Somebody"]
