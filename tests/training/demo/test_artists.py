from collections import defaultdict

import pytest

from training.demo.artists import ArtistNames


def of(themes, kind: str, name: str):
    (theme,) = (theme for theme in themes[kind] if theme.name == name)
    return theme


@pytest.mark.parametrize(
    ("artist", "korean", "english"),
    [
        ("방탄소년단", {"방탄소년단", "방탄", "BTS"}, {"BTS"}),
        ("Coldplay", {"콜드플레이", "콜플"}, {"Coldplay"}),
        ("아이유", {"아이유", "IU"}, {"IU"}),
        ("Queen", {"퀸"}, {"Queen"}),
        ("Frédéric Chopin", {"쇼팽"}, {"Chopin"}),
    ],
)
def test_a_name_is_written_in_both_scripts(artist, korean, english):
    names = ArtistNames()
    assert korean <= set(names.forms(artist, "ko"))
    assert english <= set(names.forms(artist, "en"))


def test_a_name_that_the_file_lacks_is_the_catalogues():
    assert ArtistNames().forms("Nobody Knows", "ko") == ["Nobody Knows"]


def test_every_name_of_the_file_sings_in_the_catalogue(songs):
    singing = {artist for song in songs for artist in song.artists}
    assert set(ArtistNames()._rows) <= singing


def test_an_artists_own_playlist_holds_their_songs_alone(songs, themes):
    theme = of(themes, "own", "방탄소년단")
    assert "방탄 노래 모음" in theme.ko
    assert "best of BTS" in theme.before
    assert all("방탄소년단" in songs[song_id].artists for song_id in theme.song_ids)


def test_songs_like_an_artists_are_of_those_named_beside_them(songs, themes):
    theme = of(themes, "like", "소녀시대")
    neighbours = {artist for song_id in theme.song_ids - theme.core for artist in songs[song_id].artists}
    assert {"원더걸스", "카라", "2NE1"} <= neighbours
    assert neighbours.isdisjoint({"H.O.T.", "뉴진스", "Coldplay", "슈퍼주니어"})


def test_those_of_no_list_have_neighbours_of_their_origin_and_time(songs, themes):
    theme = of(themes, "like", "The Beatles")
    assert {songs[song_id].origin for song_id in theme.song_ids} == {"GB"}
    assert max(songs[song_id].year for song_id in theme.song_ids) < 1975


def test_composed_playlists_name_nearly_every_artist_who_has_a_theme(playlists, themes):
    tags = {tag for playlist in playlists for tag in playlist["tags"]}
    named = defaultdict(list)
    for kind in ("own", "like"):
        named[kind] = [not tags.isdisjoint(theme.tags["ko"] + theme.tags["en"]) for theme in themes[kind]]
    assert sum(named["own"]) == len(named["own"])
    assert sum(named["like"]) >= 0.95 * len(named["like"])
