import json
from itertools import product

import numpy as np
import pytest

from training.demo.compose import CROSSINGS, compose, write_melon
from training.demo.picking import LONGEST, OCCASIONS, SHORTEST, SHORTEST_OWN


def with_tag(playlists: list[dict], tag: str) -> list[dict]:
    return [playlist for playlist in playlists if tag in playlist["tags"]]


def test_there_are_enough_playlists_of_the_right_length(playlists):
    lengths = [len(playlist["songs"]) for playlist in playlists]
    assert len(playlists) >= 3_000
    assert min(lengths) >= SHORTEST_OWN
    assert max(lengths) <= LONGEST
    assert sum(length < SHORTEST for length in lengths) < 0.1 * len(lengths)


def test_no_song_stands_twice_in_a_playlist(playlists):
    assert all(len(set(playlist["songs"])) == len(playlist["songs"]) for playlist in playlists)


def test_titles_are_distinct_and_in_both_languages(playlists):
    titles = [playlist["plylst_title"] for playlist in playlists]
    assert len(set(titles)) == len(titles)
    korean = sum(any("가" <= letter <= "힣" for letter in title) for title in titles) / len(titles)
    assert 0.5 < korean < 0.85


def test_no_playlist_is_older_than_its_songs(playlists, songs):
    assert all(
        int(playlist["updt_date"][:4]) >= max(songs[song_id].year for song_id in playlist["songs"])
        for playlist in playlists
    )


def test_a_playlist_keeps_to_its_theme(playlists, themes):
    """All but the few songs of a stranger's choice are of the genre, season or era that the tags name."""
    for kind, name, tag in (("genre", "jazz", "재즈"), ("season", "summer", "여름"), ("era", "1990s", "90년대")):
        (theme,) = (theme for theme in themes[kind] if theme.name == name)
        about = with_tag(playlists, tag)
        on_theme = [song_id in theme.song_ids for playlist in about for song_id in playlist["songs"]]
        assert len(about) > 20
        assert sum(on_theme) / len(on_theme) > 0.9


@pytest.mark.parametrize(
    ("tag", "unwanted"),
    [
        ("study", {"energetic", "party", "workout"}),
        ("sleep", {"energetic", "party", "workout"}),
        ("workout", {"calm", "sad", "sleep"}),
        ("party", {"sad", "calm", "lonely"}),
        ("wedding", {"heartbreak", "sad"}),
    ],
)
def test_nobody_puts_there_what_clashes(playlists, songs, tag, unwanted):
    about = with_tag(playlists, tag)
    clashing = [
        songs[song_id] for playlist in about for song_id in playlist["songs"] if unwanted & set(songs[song_id].moods)
    ]
    assert about
    assert clashing == []


@pytest.fixture(scope="module")
def shares(playlists, songs) -> np.ndarray:
    """(songs, playlists): how much of a playlist a song is, 0 to 1."""
    shares = np.zeros((len(songs), len(playlists)), dtype=np.float32)
    for column, playlist in enumerate(playlists):
        shares[playlist["songs"], column] = 1 / len(playlist["songs"])
    return shares


@pytest.mark.parametrize("kinds", CROSSINGS)
def test_whatever_eras_genres_and_origins_have_in_common_has_playlists(shares, themes, kinds):
    """Titles name several at once; where three playlists' worth of songs fit them all, three playlists keep to them."""
    for about in product(*(themes[kind] for kind in kinds)):
        fitting = frozenset.intersection(*(theme.song_ids for theme in about))
        fitting = sorted(fitting.difference(*(theme.refused for theme in about)))
        if len(fitting) >= 30:
            best = np.sort(shares[fitting].sum(axis=0))[-3:]
            assert best.mean() > 0.9, [theme.name for theme in about]


def test_an_artists_own_playlists_hold_the_hits_and_leave_the_rest_to_be_found(playlists, songs, themes):
    """Whoever chooses them is recommended more of the artist."""
    shares = []
    for theme in (theme for theme in themes["own"] if len(theme.song_ids) >= 16):
        own = [set(playlist["songs"]) for playlist in playlists if theme.song_ids.issuperset(playlist["songs"])]
        shares.append(len(set.union(set(), *own[:3])) / len(theme.song_ids))
    assert np.mean(shares) < 0.75


def test_no_ballad_stands_among_edm(playlists, songs):
    about = with_tag(playlists, "edm")
    assert about
    assert not [playlist for playlist in about for song_id in playlist["songs"] if "ballad" in songs[song_id].genres]


def test_carols_keep_to_their_season(playlists, songs, themes):
    """Only playlists of winter, of Christmas and the like, or of an artist's own songs hold carols."""
    welcoming_themes = [theme for each in themes.values() for theme in each if theme.welcomes]
    welcoming_tags = {tag for theme in welcoming_themes for tag in theme.tags["ko"] + theme.tags["en"]}
    carols = {song.song_id for song in songs if OCCASIONS & set(song.moods)}
    for playlist in playlists:
        if not welcoming_tags & set(playlist["tags"]):
            assert carols.isdisjoint(playlist["songs"]), playlist["plylst_title"]


@pytest.fixture
def few_themes(themes) -> dict:
    """Some of every kind, whose crossings are soon written."""
    return {kind: each[:5] for kind, each in themes.items()}


def test_the_same_seed_composes_the_same_playlists(songs, few_themes):
    composed = compose(songs, few_themes, 50, seed=1)
    assert compose(songs, few_themes, 50, seed=1) == composed
    assert compose(songs, few_themes, 50, seed=2) != composed


def test_the_files_are_in_the_melon_format(tmp_path, songs, few_themes, monkeypatch):
    monkeypatch.setattr("training.demo.compose.read_all_themes", lambda songs: few_themes)
    write_melon(tmp_path, count=30, seed=1)
    meta, genres, train = (
        json.loads((tmp_path / f"{n}.json").read_text()) for n in ("song_meta", "genre_gn_all", "train")
    )
    assert set(train[0]) == {"id", "plylst_title", "tags", "songs", "like_cnt", "updt_date"}
    assert {code for song in meta for code in song["song_gn_gnr_basket"]} == set(genres)
    assert all(song["id"] == position for position, song in enumerate(meta))
    assert [row["country"] for row in meta] == [song.origin for song in songs]
