"""POST /recommend with wishes, asked of the real service: a creator's journey, and what the certificate says of it."""

import sqlite3
from contextlib import closing

import pytest

from tests.support.service import TITLE, post_ok

pytestmark = pytest.mark.process


def wishes_kept(answer: dict) -> dict[str, bool]:
    return {entry["wish"]: entry["kept"] for entry in answer["certificate"]}


def facts(database_url: str, name: str, songs: list[dict]) -> list:
    """What the catalogue knows of each song, by the name of a column."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        known = dict(connection.execute(f"SELECT song_id, {name} FROM song_meta"))
    return [known[song["song_id"]] for song in songs]


def test_without_wishes_there_is_no_certificate(client):
    answer = post_ok(client, "/recommend", title=TITLE)
    assert answer["certificate"] == []
    same = post_ok(client, "/recommend", title=TITLE, keep=[], countries={}, artist_gap=0, order="ranked")
    assert same["songs"] == answer["songs"]


def test_a_creator_keeps_songs_and_has_the_rest_made_anew(client, database_url):
    chosen = [playlist["playlist_id"] for playlist in post_ok(client, "/similar", title=TITLE)["playlists"]]
    body = {"title": TITLE, "playlist_ids": chosen}
    first = post_ok(client, "/recommend", **body)["songs"]
    liked, opener = first[4], first[11]

    body |= {
        "keep": [{"song_id": opener["song_id"], "place": 1}, {"song_id": liked["song_id"]}],
        "exclude_song_ids": [first[0]["song_id"]],
        "years": {"from": 1950},
        "countries": {"US": 60, "KR": 20, "other": 20},
        "genres_only": ["Jazz", "bossa nova", "pop"],
        "artist_gap": 4,
        "order": "calm_to_lively",
    }
    answer = post_ok(client, "/recommend", **body)
    songs = answer["songs"]
    assert songs[0]["song_id"] == opener["song_id"]
    assert liked["song_id"] in {song["song_id"] for song in songs}
    assert first[0]["song_id"] not in {song["song_id"] for song in songs}
    assert len({song["song_id"] for song in songs}) == len(songs) == 20

    kept = wishes_kept(answer)
    assert {name for name in kept if kept[name]} >= {"keep", "countries", "artist_gap", "years"}
    countries = facts(database_url, "country", songs)
    assert (countries.count("US"), countries.count("KR")) == (12, 4)
    for place, song in enumerate(songs):
        near = {artist for other in songs[place + 1 : place + 5] for artist in other["artists"]}
        assert near.isdisjoint(song["artists"])
    again = client.get(f"/generations/{answer['generation_id']}").json()
    assert [song["song_id"] for song in again["songs"]] == [song["song_id"] for song in songs]


def test_what_cannot_be_kept_is_told_with_the_reason(client, database_url):
    answer = post_ok(client, "/recommend", title="트로트", years={"to": 1965}, genres_only=["trot"], song_count=50)
    assert max(facts(database_url, "issue_date", answer["songs"])) < "1966"
    entries = {entry["wish"]: entry for entry in answer["certificate"]}
    short = entries["song_count"]
    assert (short["asked"], short["got"], short["kept"]) == (50, len(answer["songs"]), False)
    assert short["why"].endswith("are of 1965 or before and of the genre trot")


def test_an_hour_needs_known_durations(client, database_url):
    answer = post_ok(client, "/recommend", title="late night city drive", length_min=60, artist_gap=2, order="arc")
    seconds = sum(facts(database_url, "duration_ms", answer["songs"])) / 1000
    assert abs(seconds - 3600) <= 5
    assert wishes_kept(answer)["length_min"]


def test_wrong_wishes_are_refused_with_their_field(client):
    def refused(**wish) -> tuple[int, str]:
        answer = client.post("/recommend", json={"title": TITLE} | wish)
        return answer.status_code, answer.json()["error"]["field"]

    assert refused(countries={"KR": 80, "US": 30}) == (422, "countries")
    assert refused(genres_only=["polka"]) == (422, "genres_only")
    assert refused(years={"from": 2000, "to": 1990}) == (422, "years")
    assert refused(keep=[{"song_id": 1, "place": 21}]) == (422, "keep")
    assert refused(keep=[{"song_id": 1, "place": "1"}]) == (422, "keep.0.place")
    assert refused(keep=[{"song_id": 2**50}]) == (404, "keep")
