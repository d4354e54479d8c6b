"""The database is asked for what is not known yet, once, and whether it changed, once for all who ask at a time."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy.exc import OperationalError

import gateway.catalogue_calls
from aiplayer.catalogue import Generation, Playlist, Song
from aiplayer.errors import NotFound, Unavailable
from gateway.catalogue_calls import CatalogueCalls
from tests.support.metrics import measured

SONGS = {number: Song(number, f"Song {number}", [], [], None) for number in range(10)}


class Database:
    """Ten songs, three playlists, and how often it was asked for what."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.version = "1"
        self.kept: list[list[Generation]] = []
        self.is_away = False

    def songs(self, song_ids):
        self.asked.update(f"song {song_id}" for song_id in song_ids)
        return [SONGS[song_id] for song_id in song_ids if song_id in SONGS]

    def playlists(self, playlist_ids):
        self.asked.update(f"playlist {playlist_id}" for playlist_id in playlist_ids)
        if missing := [playlist_id for playlist_id in playlist_ids if playlist_id > 2]:
            raise NotFound(f"No playlist has the id {missing[0]}.")
        return [Playlist(number, "title", [], [SONGS[number]]) for number in playlist_ids]

    def require_version(self, version):
        self.asked["version"] += 1
        if version != self.version:
            raise Unavailable("another catalogue", code="catalogue_changed")

    def remember(self, generations):
        if self.is_away:
            raise OperationalError("insert", {}, Exception("gone"))
        self.kept.append(list(generations))


@pytest.fixture
def database() -> Database:
    return Database()


def run(scene, database: Database):
    async def play():
        return await scene(CatalogueCalls(database, "1"))

    return asyncio.run(play())


def test_songs_come_in_the_order_asked_and_each_is_read_once(database):
    async def scene(calls):
        assert await calls.songs([3, 1, 99]) == [SONGS[3], SONGS[1]]
        assert await calls.songs([2, 1, 3]) == [SONGS[2], SONGS[1], SONGS[3]]

    run(scene, database)
    assert database.asked == {"song 3": 1, "song 1": 1, "song 99": 1, "song 2": 1}


def test_what_was_found_in_memory_and_what_was_not_is_counted(database):
    def counted() -> dict[str, float]:
        names = [f"{cache} {outcome}" for cache in ("songs", "playlists") for outcome in ("hit", "miss")]
        labels = [dict(zip(("cache", "outcome"), name.split(), strict=True)) for name in names]
        totals = [measured("aiplayer_cache_lookups_total", **label) for label in labels]
        return dict(zip(names, totals, strict=True))

    async def scene(calls):
        await calls.songs([3, 1])
        await calls.songs([2, 1, 3])
        await calls.playlists([0])
        await calls.playlists([0])
        await calls.playlists([])

    before = counted()
    run(scene, database)
    added = {name: value - before[name] for name, value in counted().items()}
    assert added == {"songs hit": 2, "songs miss": 3, "playlists hit": 1, "playlists miss": 1}


def test_playlists_come_in_the_order_asked_and_one_that_is_missing_is_named(database):
    async def scene(calls):
        assert [playlist.playlist_id for playlist in await calls.playlists([2, 0])] == [2, 0]
        assert [playlist.playlist_id for playlist in await calls.playlists([0, 1, 2])] == [0, 1, 2]
        with pytest.raises(NotFound, match="No playlist has the id 7"):
            await calls.playlists([0, 7])

    run(scene, database)
    assert database.asked["playlist 0"] == 1


def test_the_version_is_asked_once_for_all_and_again_when_it_is_old(database, monkeypatch):
    async def scene(calls):
        await asyncio.gather(*(calls.require_version() for _ in range(20)))
        await calls.require_version()
        assert database.asked["version"] == 1

        database.version = "2"
        with pytest.raises(Unavailable, match="another catalogue"):
            await calls.require_version(at_once=True)
        monkeypatch.setattr(gateway.catalogue_calls, "VERSION_HOLDS_S", 0.0)
        database.version = "1"
        await calls.require_version(at_once=True)
        database.version = "2"
        await asyncio.sleep(0.01)
        with pytest.raises(Unavailable, match="another catalogue"):
            await calls.require_version()

    run(scene, database)


def test_what_is_given_at_one_time_is_kept_in_one_transaction(database):
    generations = [Generation(f"title {number}", [], [], []) for number in range(5)]

    async def scene(calls):
        await asyncio.gather(*map(calls.remember, generations))

    run(scene, database)
    assert database.kept == [generations]


def test_what_cannot_be_kept_is_told_to_each(database):
    async def scene(calls):
        database.is_away = True
        given = [calls.remember(Generation("title", [], [], [])) for _ in range(3)]
        errors = await asyncio.gather(*given, return_exceptions=True)
        assert [type(error) for error in errors] == [OperationalError] * 3
        database.is_away = False
        await calls.remember(Generation("title", [], [], []))

    run(scene, database)
    assert len(database.kept) == 1
