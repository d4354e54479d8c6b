"""The catalogue for requests: never in the way of the event loop, and asked only for what is not known already.

A catalogue of one version never changes, so its songs and playlists are kept in memory; whether it still is of that
version is asked for each request, or for all that come within a moment.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID

from aiplayer.batching import Batches, Ticket
from aiplayer.cache import Cache, Once
from aiplayer.catalogue import CONNECTIONS, Catalogue, Generation, Opinion, Playlist, Song, Taught
from aiplayer.telemetry.batches import MeasuredBatches
from aiplayer.telemetry.instruments import GATEWAY, CacheLookups
from aiplayer.telemetry.stages import DATABASE, Stage
from gateway.tickets import ticket

T = TypeVar("T")

# Songs of some 700 bytes, and playlists of some tens of songs that are mostly among these.
SONGS_KEPT = 50_000
PLAYLISTS_KEPT = 2_000
VERSION_HOLDS_S = 0.05
MOST_GENERATIONS = 32
MOST_WAITING = 1_024


class CatalogueCalls:
    """Calls to one version of the catalogue.

    Args:
        catalogue: The catalogue.
        version: The version that the models were made for.
    """

    def __init__(self, catalogue: Catalogue, version: str) -> None:
        self._catalogue = catalogue
        self._version = version
        # Threads of its own: whoever waits for an absent database keeps nobody else waiting.
        self._threads = ThreadPoolExecutor(CONNECTIONS, "database")
        self._songs: Cache[int, Song] = Cache(SONGS_KEPT)
        self._playlists: Cache[int, Playlist] = Cache(PLAYLISTS_KEPT)
        self._song_lookups, self._playlist_lookups = CacheLookups("songs"), CacheLookups("playlists")
        self._genres: list[str] | None = None
        self._version_checks: Once[str, None] = Once()
        self._version_holds_until = 0.0
        self._generations: Batches[Generation, None] = Batches(
            "database",
            self._remember_all,
            MOST_GENERATIONS,
            MOST_WAITING,
            watcher=MeasuredBatches(GATEWAY, "remember"),
        )

    async def query(self, call: Callable[..., T], *arguments: object) -> T:
        """Call the database without holding up the event loop."""
        with Stage(DATABASE):
            return await self._in_thread(call, *arguments)

    async def require_version(self, at_once: bool = False) -> None:
        """Check that the catalogue is still the one that the models were made for.

        Args:
            at_once: Whether to ask anew even where it was asked a moment ago.

        Raises:
            Unavailable: it is another one, or none.
        """
        if at_once or asyncio.get_running_loop().time() >= self._version_holds_until:
            await self._version_checks.get(self._version, self._check_version)

    async def playlists(self, playlist_ids: Sequence[int]) -> list[Playlist]:
        """The playlists of these ids, in the order asked.

        Raises:
            NotFound: names the ids that are not in the catalogue.
        """
        known = {playlist_id: self._playlists.get(playlist_id) for playlist_id in playlist_ids}
        missing = [playlist_id for playlist_id, playlist in known.items() if playlist is None]
        self._playlist_lookups.count(len(known) - len(missing), len(missing))
        if missing:
            for playlist in await self.query(self._catalogue.playlists, missing):
                known[playlist.playlist_id] = playlist
                self._playlists.put(playlist.playlist_id, playlist)
        return [playlist for playlist in known.values() if playlist is not None]

    async def songs(self, song_ids: Sequence[int]) -> list[Song]:
        """The songs of these ids, in the order asked; ids that are not in the catalogue are left out."""
        known = {song_id: self._songs.get(song_id) for song_id in song_ids}
        missing = [song_id for song_id, song in known.items() if song is None]
        self._song_lookups.count(len(known) - len(missing), len(missing))
        if missing:
            for song in await self.query(self._catalogue.songs, missing):
                known[song.song_id] = song
                self._songs.put(song.song_id, song)
        return [song for song in known.values() if song is not None]

    async def songs_by(self, artists: Iterable[str]) -> dict[str, set[int]]:
        """The ids of the songs that each of these artists sings, alone or with others."""
        artists = list(artists)
        return await self.query(self._catalogue.songs_by, artists) if artists else {}

    async def genres(self) -> list[str]:
        """The names of all genres, in order."""
        if self._genres is None:
            self._genres = await self.query(self._catalogue.genres)
        return self._genres

    async def remember(self, generation: Generation) -> None:
        """Keep what was given; what several were given at one time is kept in one transaction."""
        with Stage(DATABASE):
            await self._generations.result(generation, ticket())

    async def generation(self, generation_id: UUID) -> Generation:
        """What was given under this id.

        Raises:
            NotFound: the id was never given out.
        """
        return await self.query(self._catalogue.generation, generation_id)

    async def set_thumbnail(self, generation_id: UUID, facts: dict) -> None:
        """Keep the facts of the newest picture painted for a generation."""
        await self.query(self._catalogue.set_thumbnail, generation_id, facts)

    async def set_opinion(self, generation_id: UUID, opinion: Opinion, client: str) -> Taught:
        """Keep what a creator says of a generation, and tell all that is known of it.

        Raises:
            NotFound: the id was never given out, or the catalogue lacks a song.
        """
        return await self.query(self._catalogue.set_opinion, generation_id, opinion, client)

    async def _check_version(self) -> None:
        await self.query(self._catalogue.require_version, self._version)
        self._version_holds_until = asyncio.get_running_loop().time() + VERSION_HOLDS_S

    async def _remember_all(self, generations: list[Generation], tickets: list[Ticket]) -> list[None]:
        await self._in_thread(self._catalogue.remember, generations)
        return [None] * len(generations)

    async def _in_thread(self, call: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)
