import polars as pl

from aiplayer.catalogue import Catalogue
from tests.support.melon import GENRES, PLAYLISTS, SONGS, write_dataset
from training.dataset import import_melon
from training.dataset.frames import read_catalogue, read_melon, write_melon


def test_folder_and_database_give_the_same_frames(tmp_path, engine):
    folder = write_dataset(tmp_path, song_meta=SONGS, genre_gn_all=GENRES, train=PLAYLISTS)
    import_melon(folder, engine)
    stored, read = read_catalogue(engine), read_melon(folder)
    assert stored.playlists.equals(read.playlists.sort("playlist_id"))
    assert stored.songs.equals(read.songs.sort("song_id"))


def test_what_is_written_is_read_again(tmp_path):
    dataset = read_melon(write_dataset(tmp_path, song_meta=SONGS, genre_gn_all=GENRES, train=PLAYLISTS))
    write_melon(dataset, tmp_path / "again")
    again = read_melon(tmp_path / "again")
    assert again.playlists.equals(dataset.playlists)
    assert again.songs.equals(dataset.songs)


def test_entries_are_one_row_a_song_and_a_tag(tmp_path):
    dataset = read_melon(write_dataset(tmp_path, song_meta=SONGS, genre_gn_all=GENRES, train=PLAYLISTS))
    assert dataset.entries().rows() == [(42, 1), (42, 0), (43, 2)]
    assert dataset.tag_entries().rows() == [(42, "재즈"), (42, "밤")]
    assert dataset.songs.filter(pl.col("issued").is_null()).height == 1


def test_without_song_meta_there_are_no_songs_to_describe(tmp_path):
    dataset = read_melon(write_dataset(tmp_path, train=PLAYLISTS))
    assert dataset.songs.height == 0
    assert dataset.entries().height == 4


def test_a_country_reaches_the_catalogue_and_comes_back(tmp_path, engine):
    songs = [SONGS[0] | {"country": "KR"}, *SONGS[1:]]
    folder = write_dataset(tmp_path, song_meta=songs, genre_gn_all=GENRES, train=PLAYLISTS)
    import_melon(folder, engine)
    assert [song.country for song in Catalogue(engine).songs([0, 1])] == ["KR", None]
    assert read_catalogue(engine).songs["country"].to_list() == ["KR", None, None]
