"""POST /recommend, asked of the real service: which songs a creator gets."""

import sqlite3
from collections import Counter
from contextlib import closing
from uuid import uuid4

import pytest

from tests.support.service import SONG_TO_COME, TITLE, post_ok

pytestmark = pytest.mark.process


@pytest.mark.parametrize(("similarity", "from_chosen"), [(0, 0), (30, 6), (100, 20)])
def test_similarity_is_the_share_of_songs_from_the_chosen_playlists(client, similarity, from_chosen):
    chosen = post_ok(client, "/similar", title=TITLE)["playlists"]
    known = {song["song_id"] for playlist in chosen for song in playlist["songs"]}
    ids = [playlist["playlist_id"] for playlist in chosen]
    songs = post_ok(client, "/recommend", title=TITLE, playlist_ids=ids, similarity=similarity)["songs"]
    assert len(songs) == len({song["song_id"] for song in songs}) == 20
    assert sum(song["source"] == "seed" for song in songs) == from_chosen
    assert all((song["song_id"] in known) == (song["source"] == "seed") for song in songs)
    assert [song["score"] for song in songs] == sorted((song["score"] for song in songs), reverse=True)
    assert all(song["because"] and song["artists"] and song["genres"] for song in songs)


def test_a_title_alone_is_enough(client):
    answer = post_ok(client, "/recommend", title="late night city drive", song_count=7, tag_count=4)
    assert (len(answer["songs"]), len(answer["tags"])) == (7, 4)
    assert {song["source"] for song in answer["songs"]} == {"new"}


def most_of_one_artist(songs: list[dict]) -> int:
    return max(Counter(artist for song in songs for artist in song["artists"]).values())


def test_no_artist_has_more_than_three_of_twenty_songs_unless_asked(client):
    found = post_ok(client, "/similar", title="빅뱅 노래", count=100)["playlists"]
    of_big_bang = [p for p in found if sum("빅뱅" in song["artists"] for song in p["songs"]) >= 5]
    chosen = [playlist["playlist_id"] for playlist in of_big_bang]

    def most(title: str, **body) -> int:
        songs = post_ok(client, "/recommend", title=title, playlist_ids=chosen, **body)["songs"]
        assert len(songs) == 20
        return most_of_one_artist(songs)

    for similarity in (0, 30, 50, 70):
        assert most("밤에 듣는 노래", similarity=similarity) <= 3
        assert most("밤에 듣는 노래", similarity=similarity, songs_per_artist=2) <= 2
    assert most("밤에 듣는 노래", similarity=70) == 3
    assert most("밤에 듣는 노래", similarity=70, songs_per_artist=20) > 3
    assert most("밤에 듣는 빅뱅 노래", similarity=70) > 3
    assert most("밤에 듣는 빅뱅 노래", similarity=70, songs_per_artist=3) == 3


def test_more_similarity_only_adds_seeds_and_takes_away_new_songs(client):
    chosen = [playlist["playlist_id"] for playlist in post_ok(client, "/similar", title=TITLE)["playlists"]]
    seeds, new = set(), None
    for similarity in range(0, 101, 5):
        songs = post_ok(client, "/recommend", title=TITLE, playlist_ids=chosen, similarity=similarity)["songs"]
        by_source = [{song["song_id"] for song in songs if song["source"] == source} for source in ("seed", "new")]
        assert len(by_source[0]) == similarity // 5
        assert seeds <= by_source[0]
        assert new is None or by_source[1] <= new
        seeds, new = by_source


def test_a_song_that_is_not_out_yet_is_not_recommended(client):
    songs = post_ok(client, "/recommend", title="Sade", song_count=100)["songs"]
    names = {song["name"] for song in songs if "Sade" in song["artists"]}
    assert names == {"Smooth Operator", "The Sweetest Taboo", "By Your Side", "Kiss of Life"}
    assert SONG_TO_COME not in {song["name"] for song in songs}


def test_excluded_songs_and_artists_stay_out(client):
    before = post_ok(client, "/recommend", title="아이유 감성 노래", song_count=30)["songs"]
    song, artist = before[0]["song_id"], before[1]["artists"][0]
    body = {
        "title": "아이유 감성 노래",
        "song_count": 30,
        "exclude_song_ids": [song],
        "exclude_artists": [artist.upper()],
    }
    after = post_ok(client, "/recommend", **body)["songs"]
    assert len(after) == 30
    assert song not in {row["song_id"] for row in after}
    assert artist not in {name for row in after for name in row["artists"]}


def test_artists_whom_the_catalogue_lacks_are_said(client):
    body = {
        "title": "아이유 감성 노래",
        "exclude_artists": ["Nobody At All", "아이유", "norah-jones", "!!!!!", "Nobody At All"],
    }
    answer = post_ok(client, "/recommend", **body)
    assert answer["unknown_artists"] == ["Nobody At All", "!!!!!"]
    assert "아이유" not in {name for song in answer["songs"] for name in song["artists"]}
    assert post_ok(client, "/recommend", title="아이유 감성 노래")["unknown_artists"] == []


@pytest.mark.parametrize(("similarity", "new_songs"), [(100, 0), (30, 14), (0, 20)])
def test_where_every_chosen_song_is_excluded_the_share_of_new_ones_stays(client, similarity, new_songs):
    (chosen,) = post_ok(client, "/similar", title=TITLE, count=1)["playlists"]
    excluded = [song["song_id"] for song in chosen["songs"]]
    body = {"playlist_ids": [chosen["playlist_id"]], "exclude_song_ids": excluded, "similarity": similarity}
    songs = post_ok(client, "/recommend", title=TITLE, **body)["songs"]
    assert [song["source"] for song in songs] == ["new"] * new_songs


def test_the_list_is_filled_up_where_nearly_every_song_is_one_recording(client, database_url):
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        held = connection.execute("SELECT song_name, artists, song_id FROM song_meta").fetchall()
        with connection:
            blue = "UPDATE song_meta SET song_name = 'Blue', artists = '[\"Joni Mitchell\"]' WHERE song_id % 40 > 0"
            connection.execute(blue)
        try:
            songs = post_ok(client, "/recommend", title=TITLE, song_count=8)["songs"]
        finally:
            with connection:
                connection.executemany("UPDATE song_meta SET song_name = ?, artists = ? WHERE song_id = ?", held)
    assert len({song["name"] for song in songs}) == len(songs) == 8


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def test_seed_songs_and_new_ones_of_excluded_songs_and_artists_stay_out(client):
    chosen = [playlist["playlist_id"] for playlist in post_ok(client, "/similar", title=TITLE)["playlists"]]
    body = {"title": TITLE, "playlist_ids": chosen, "similarity": 50}
    before = post_ok(client, "/recommend", **body)["songs"]
    excluded, artists = [], []
    for source in ("seed", "new"):
        songs = [song for song in before if song["source"] == source]
        excluded.append(songs[0]["song_id"])
        artists.append(next(song["artists"][0] for song in songs[1:] if song["artists"][0].isascii()))
    body |= {"exclude_song_ids": excluded, "exclude_artists": [full_width(name).swapcase() for name in artists]}
    after = post_ok(client, "/recommend", **body)["songs"]
    assert [sum(song["source"] == source for song in after) for source in ("seed", "new")] == [10, 10]
    assert {song["song_id"] for song in after}.isdisjoint(excluded)
    assert {name for song in after for name in song["artists"]}.isdisjoint(artists)


def test_what_was_recommended_is_there_again_by_its_id(client):
    made = post_ok(client, "/recommend", title=TITLE, song_count=7)
    again = client.get(f"/generations/{made['generation_id']}")
    assert again.status_code == 200
    songs = [{name: value for name, value in song.items() if name != "because"} for song in made["songs"]]
    assert again.json() == {
        "generation_id": made["generation_id"],
        "title": TITLE,
        "playlist_ids": [],
        "songs": songs,
        "tags": made["tags"],
    }
    unknown = client.get(f"/generations/{uuid4()}")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_generation")
    wrong = client.get("/generations/seven")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "generation_id")
