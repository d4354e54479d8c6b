"""What a title becomes: similar playlists, and a playlist of its own. Equal requests at one time are answered once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import numpy as np

from aiplayer.cache import Cache, Once
from aiplayer.catalogue import Song
from aiplayer.model_set import ModelSet
from aiplayer.playlist.mixing import MixRequest, UsableSongs, more_candidates, usable_songs
from aiplayer.playlist.wishes.candidates import more_for_wishes
from aiplayer.recommender.request import Found, Recommendation, Request
from aiplayer.telemetry.instruments import CacheLookups
from aiplayer.telemetry.stages import JSON, MIXING, Stage
from gateway.answers import (
    Recommended,
    ignored_things,
    mix_request,
    recommend_json,
    recommended,
    recommender_request,
    similar_json,
)
from gateway.catalogue_calls import CatalogueCalls
from gateway.runner_calls import RunnerCalls
from gateway.schemas import RecommendRequest, SimilarRequest
from gateway.wishes import check_keep, check_known, refuse_excluded, wishes_of

T = TypeVar("T")

TITLES_KEPT = 4_096
# A thread costs as much as two or three milliseconds of work, which is what so many songs take.
SONGS_AT_ONCE = 500
# To keep wishes takes longer, however few songs there are.
MANY_SONGS = SONGS_AT_ONCE + 1


class PlaylistMaker:
    """Asks the models and the catalogue, and puts the answers together.

    Args:
        catalogue: The catalogue.
        embeddings: Titles -> float32 [size], of unit length.
        searches: (request, count of playlists) -> the playlists that fit best.
        recommendations: Requests -> songs and tags.
        models: The set of models that answers, which is kept with what is given.
    """

    def __init__(
        self,
        catalogue: CatalogueCalls,
        embeddings: RunnerCalls[str, np.ndarray],
        searches: RunnerCalls[tuple[Request, int], Found],
        recommendations: RunnerCalls[Request, Recommendation],
        models: ModelSet,
    ) -> None:
        self._catalogue = catalogue
        self._embeddings = embeddings
        self._searches = searches
        self._recommendations = recommendations
        self._models = models
        self._known_titles: Cache[str, np.ndarray] = Cache(TITLES_KEPT)
        self._title_lookups = CacheLookups("embeddings")
        self._embedding: Once[str, np.ndarray] = Once()
        self._finding: Once[str, bytes] = Once()
        self._making: Once[str, Recommended] = Once()

    async def find(self, request: SimilarRequest) -> bytes:
        """The playlists that fit a title best, as the JSON of a `SimilarAnswer`."""
        return await self._finding.get(request.model_dump_json(), partial(self._find, request))

    async def make(self, request: RecommendRequest) -> bytes:
        """A playlist for a title, as the JSON of a `RecommendAnswer`; kept, so that it can be liked."""
        made = await self._making.get(request.model_dump_json(), partial(self._make, request))
        generation = replace(made.generation, generation_id=uuid4(), model_set=self._models)
        await self._catalogue.remember(generation)
        with Stage(JSON):
            return recommend_json(made.answer, generation.generation_id)

    async def _find(self, request: SimilarRequest) -> bytes:
        wish = Request(await self._embed(request.title), request.title, ignored=ignored_things(request.ignore))
        _, found = await _together(self._catalogue.require_version(), self._searches.result((wish, request.count)))
        playlists = await self._catalogue.playlists([hit.playlist_id for hit in found.playlists])
        song_count = sum(len(playlist.songs) for playlist in playlists)
        with Stage(JSON):
            return await _compute(song_count, similar_json, playlists, found)

    async def _make(self, request: RecommendRequest) -> Recommended:
        """What a request is given, but for its number."""
        check_keep(request)
        kept_ids = [wish.song_id for wish in request.keep]
        _, kept_songs, genres, playlists, songs_by_artist, excluded_songs, embedding = await _together(
            self._catalogue.require_version(),
            self._catalogue.songs(kept_ids),
            self._genres(request),
            self._catalogue.playlists(list(dict.fromkeys(request.playlist_ids))),
            self._catalogue.songs_by(request.exclude_artists),
            self._catalogue.songs(request.exclude_song_ids),
            self._embed(request.title),
        )
        excluded_ids = set(request.exclude_song_ids).union(*songs_by_artist.values())
        check_known(request, kept_songs)
        refuse_excluded(kept_ids, excluded_ids, "exclude_artists")

        wishes = wishes_of(request, genres)
        wish = recommender_request(request, playlists, excluded_ids, embedding, wishes)
        # No other release of a kept song comes back either.
        mixing = mix_request(request, playlists, [*excluded_songs, *kept_songs], wishes)
        known_songs = [*kept_songs, *(song for playlist in playlists for song in playlist.songs)]
        recommendation, usable, songs = await self._recommend(wish, mixing, known_songs)

        unknown_artists = [artist for artist, song_ids in songs_by_artist.items() if not song_ids]
        with Stage(MIXING):
            return await _compute(
                MANY_SONGS if wishes.are_given else len(songs),
                recommended,
                request.title,
                mixing,
                recommendation,
                usable,
                songs,
                playlists,
                unknown_artists,
            )

    async def _genres(self, request: RecommendRequest) -> list[str]:
        """The genres of the catalogue, where the request names some."""
        return await self._catalogue.genres() if request.genres_only else []

    async def _embed(self, title: str) -> np.ndarray:
        """The title's embedding, float32 [size], unit length."""
        embedding = self._known_titles.get(title)
        self._title_lookups.count(hits=embedding is not None, misses=embedding is None)
        if embedding is None:
            embedding = await self._embedding.get(title, partial(self._embeddings.result, title))
            self._known_titles.put(title, embedding)
        return embedding

    async def _recommend(
        self, wish: Request, mixing: MixRequest, known_songs: list[Song]
    ) -> tuple[Recommendation, UsableSongs, dict[int, Song]]:
        """The recommender's answer, its songs that can be used, and all of them by ids.

        It is asked for more until there are enough new ones.

        Args:
            wish: What it is asked.
            mixing: How the playlist is mixed.
            known_songs: The songs of the request.
        """
        songs = {song.song_id: song for song in known_songs}
        while True:
            recommendation = await self._recommendations.result(wish)
            new_songs = await self._catalogue.songs([song.song_id for song in recommendation.new])
            if len(new_songs) < len(recommendation.new):
                await self._catalogue.require_version(at_once=True)
            songs |= {song.song_id: song for song in new_songs}

            with Stage(MIXING):
                usable = await _compute(len(songs), usable_songs, mixing, recommendation, songs, _today())
                if mixing.wishes.are_given:
                    more = more_for_wishes(wish.song_count, mixing, recommendation, usable, songs)
                else:
                    more = more_candidates(wish.song_count, mixing, recommendation, usable)
            if more is None:
                return recommendation, usable, songs
            wish = replace(wish, song_count=more)


async def _compute(song_count: int, call: Callable[..., T], *arguments: object) -> T:
    """Compute at once for some hundred songs, and for more in a thread, which keeps nobody else waiting."""
    if song_count <= SONGS_AT_ONCE:
        return call(*arguments)
    return await asyncio.to_thread(call, *arguments)


def _today() -> date:
    return datetime.now(UTC).date()


async def _together(*calls: Awaitable[Any]) -> list[Any]:
    """The results of calls that do not need each other; where several fail, the error of the first in order."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results
