"""The HTTP service: one gateway in front of three model runners and the catalogue.

bentoml serve service:AIPlayer
"""

import asyncio
import logging
import sys
import zlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Any, TypeVar

import bentoml
import numpy as np
from fastapi import FastAPI, Path, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import SQLAlchemyError

from aiplayer.catalogue import CONNECTIONS, Catalogue, Generation, Playlist, Song, Translations, connect
from aiplayer.errors import ModelMissing, Unavailable
from aiplayer.playlist.mixing import MixRequest, UsableSongs, mix_playlist, more_candidates, usable_songs
from aiplayer.recommender.request import Found, Recommendation, Request
from aiplayer.settings import Settings
from aiplayer.thumbnails.prompts import negative_title_prompt, title_prompt
from aiplayer.thumbnails.request import PaintedPicture, PictureWish
from aiplayer.titles.translation import Translator, google
from gateway.answers import (
    ignored_things,
    mix_request,
    read_things,
    recommended_songs,
    recommender_request,
    similar_json,
)
from gateway.error_shape import ErrorShape
from gateway.errors import LimitBody, install_error_handlers
from gateway.front_page import FRONT_PAGE
from gateway.log_lines import keep_to_one_line
from gateway.metrics import MEASURED_BY_ROUTE, RouteMetrics, install_metrics
from gateway.runner_calls import ask
from gateway.schemas import (
    MAX_ID,
    PICTURE_ANSWERS,
    AboutAnswer,
    ErrorAnswer,
    LikeAnswer,
    LikeRequest,
    PainterAnswer,
    PlaylistAnswer,
    RecommendAnswer,
    RecommendRequest,
    SimilarAnswer,
    SimilarRequest,
    ThumbnailRequest,
)
from gateway.thumbnails import finished_png, json_list, paint_pictures
from gateway.time_limit import install_time_limit
from runners.playlist_autoencoder import PlaylistAutoencoder, PlaylistQuery
from runners.store import check_made_for, pinned_model
from runners.thumbnail import Thumbnail
from runners.title_encoder import TitleEncoder

T = TypeVar("T")
TIMEOUT_MARGIN_S = 10
ERROR_STATUSES = (400, 404, 405, 413, 422, 429, 500, 503, 504)

logger = logging.getLogger(__name__)
# The paths of requests stand in these.
keep_to_one_line("bentoml.access", "gateway.errors", "gateway.error_shape")
install_time_limit()

settings = Settings()
app = FastAPI(
    title="AI Player",
    description="From the title of a playlist to songs, hashtags and a thumbnail.",
    openapi_url="/docs.json",
    docs_url=None,
    redoc_url=None,
    responses={status: {"model": ErrorAnswer} for status in ERROR_STATUSES},
)
app.add_middleware(LimitBody, max_bytes=settings.max_body_bytes)
install_error_handlers(app)
install_metrics(app)


# BentoML's own time limit answers in another shape, so that of `ErrorShape` ends first.
@bentoml.service(
    name="ai_player",
    traffic={"timeout": settings.answer_timeout_s + TIMEOUT_MARGIN_S},
    metrics=MEASURED_BY_ROUTE,
)
@bentoml.asgi_app(app, path="/")
class AIPlayer:
    """Titles in; playlists and pictures out. Two users never share anything but the catalogue."""

    titles = bentoml.depends(TitleEncoder)
    autoencoder = bentoml.depends(PlaylistAutoencoder)
    thumbnails = bentoml.depends(Thumbnail)

    def __init__(self) -> None:
        # Threads that compute give the event loop its turn after this long; by default it is 5 ms.
        sys.setswitchinterval(0.001)
        index = pinned_model(settings.models.title_index, "title index")
        self.made_for = index.info.labels["catalogue"]
        check_made_for(pinned_model(settings.models.playlist_autoencoder, "recommender"), "catalogue", self.made_for)
        engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s)
        self.catalogue = Catalogue(engine)
        # Threads of its own: whoever waits for an absent database keeps nobody else waiting.
        self._database_threads = ThreadPoolExecutor(CONNECTIONS, "database")
        try:
            self.catalogue.require_version(self.made_for)
        except Unavailable as error:
            raise ModelMissing(f"{error.message} Or run `make setup` to make models for this catalogue.") from error
        except SQLAlchemyError:
            logger.warning("the database does not answer yet; requests that need it get 503 until it does")
        translations = Translations(engine)
        self._translator = Translator(
            partial(self._query, translations.recall),
            partial(self._query, translations.remember),
            settings.translation_budget_s,
            google() if settings.translate_titles else None,
        )

    @app.post("/similar", response_model=SimilarAnswer)
    async def similar(self, request: SimilarRequest) -> Response:
        """Playlists with the most similar titles, best first, with their songs."""
        found = await self._find_playlists(request)
        _, playlists = await _together(
            self._query(self.catalogue.require_version, self.made_for),
            self._query(self.catalogue.playlists, [hit.playlist_id for hit in found.playlists]),
        )
        return Response(await asyncio.to_thread(similar_json, playlists, found), media_type="application/json")

    @app.post("/recommend")
    async def recommend(self, request: RecommendRequest) -> RecommendAnswer:
        """Songs and hashtags for a title and any chosen playlists; kept, so that they can be liked."""
        _, playlists, songs_by_artist, excluded_songs, embedding = await _together(
            self._query(self.catalogue.require_version, self.made_for),
            self._query(self.catalogue.playlists, list(dict.fromkeys(request.playlist_ids))),
            self._query(self.catalogue.songs_by, request.exclude_artists),
            self._query(self.catalogue.songs, request.exclude_song_ids),
            self._embed(request.title),
        )
        excluded_ids = set(request.exclude_song_ids).union(*songs_by_artist.values())
        wish = recommender_request(request, playlists, excluded_ids, embedding)
        mixing = mix_request(request, playlists, excluded_songs)
        recommendation, usable, songs = await self._recommendation(wish, mixing, playlists)
        picks = await asyncio.to_thread(mix_playlist, mixing, recommendation.named_artists, usable, songs)
        answer = await asyncio.to_thread(recommended_songs, picks, request.title, playlists, songs)
        generation = Generation(
            title=request.title,
            seed_playlists=[playlist.playlist_id for playlist in playlists],
            songs=[song.model_dump(include={"song_id", "score", "source"}) for song in answer],
            tags=recommendation.tags,
        )
        await self._query(self.catalogue.remember, generation)
        return RecommendAnswer(
            generation_id=generation.generation_id,
            songs=answer,
            tags=recommendation.tags,
            read=read_things(recommendation.read),
            unknown_artists=[artist for artist, song_ids in songs_by_artist.items() if not song_ids],
        )

    @app.post("/thumbnail", response_class=Response, responses={200: {"content": PICTURE_ANSWERS}})
    async def thumbnail(self, request: ThumbnailRequest) -> Response:
        """A 16:9 PNG for the title; with `count` over 1 a JSON list of base64 PNGs."""
        if request.generation_id:
            await self._query(self.catalogue.generation, request.generation_id)
        wish = await self._picture_wish(request)
        pictures = await paint_pictures(self._paint, wish, request.count)

        title = request.title if request.overlay else None
        pngs = await asyncio.gather(
            *(asyncio.to_thread(finished_png, painted, title, seed) for seed, painted in pictures.items())
        )
        if request.generation_id:
            first = next(iter(pictures.values()))
            facts = first.facts | {"seeds": list(pictures)}
            await self._query(self.catalogue.set_thumbnail, request.generation_id, facts)
        if request.count == 1:
            return Response(pngs[0], media_type="image/png")
        return Response(await asyncio.to_thread(json_list, pngs), media_type="application/json")

    @app.get("/thumbnail")
    async def painter(self) -> PainterAnswer:
        """How long a picture takes on this device, so that clients know how long to wait."""
        (picture_s,) = await ask("thumbnail runner", self.thumbnails.to_async.picture_s, 1)
        return PainterAnswer(picture_s=picture_s)

    @app.post("/like")
    async def like(self, request: LikeRequest) -> LikeAnswer:
        """Store a like of a generation, or take it back."""
        await self._query(self.catalogue.set_liked, request.generation_id, request.liked)
        return LikeAnswer(generation_id=request.generation_id, liked=request.liked)

    @app.get("/playlists/{playlist_id}")
    async def playlist(self, playlist_id: Annotated[int, Path(ge=0, le=MAX_ID)]) -> PlaylistAnswer:
        """One playlist of the catalogue with its songs."""
        playlist = await self._query(self.catalogue.playlist, playlist_id)
        return PlaylistAnswer.model_validate(playlist)

    # BentoML's own page at this address loads a tag manager.
    @app.api_route("/", methods=["GET", "HEAD"], response_class=HTMLResponse, include_in_schema=False)
    async def front_page(self) -> str:
        """Where to go from here, for a person."""
        return FRONT_PAGE

    @app.get("/about")
    async def about(self) -> AboutAnswer:
        """What a client's users should know of this service."""
        return AboutAnswer(translates_titles=self._translator.asks_google)

    async def _query(self, call: Callable[..., T], *arguments: object) -> T:
        """Call the catalogue without holding up the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._database_threads, call, *arguments)

    async def _embed(self, title: str) -> np.ndarray:
        """The title's embedding, float32 [size], unit length."""
        (embedding,) = await ask("title encoder", partial(self.titles.to_async.encode, [title]), 1)
        return embedding

    async def _find_playlists(self, request: SimilarRequest) -> Found:
        """The playlists that fit a title best."""
        wish = Request(await self._embed(request.title), request.title, ignored=ignored_things(request.ignore))
        query = PlaylistQuery(wish, request.count)
        (found,) = await ask("recommender", partial(self.autoencoder.to_async.search, [query]), 1)
        return found

    async def _recommendation(
        self, wish: Request, mixing: MixRequest, playlists: list[Playlist]
    ) -> tuple[Recommendation, UsableSongs, dict[int, Song]]:
        """The recommender's answer, its songs that can be used, and all of them by ids.

        It is asked for more until there are enough new ones.
        """
        songs = {song.song_id: song for playlist in playlists for song in playlist.songs}
        while True:
            (recommendation,) = await ask("recommender", partial(self.autoencoder.to_async.recommend, [wish]), 1)
            new_songs = await self._query(self.catalogue.songs, [song.song_id for song in recommendation.new])
            if len(new_songs) < len(recommendation.new):
                await self._query(self.catalogue.require_version, self.made_for)
            songs |= {song.song_id: song for song in new_songs}

            usable = await asyncio.to_thread(usable_songs, mixing, recommendation, songs, _today())
            more = more_candidates(wish.song_count, mixing, recommendation, usable)
            if more is None:
                return recommendation, usable, songs
            wish = replace(wish, song_count=more)

    async def _paint(self, wishes: list[PictureWish]) -> list[PaintedPicture]:
        """A picture a wish, or the reason why there is none."""
        return await ask("thumbnail runner", partial(self.thumbnails.to_async.paint, wishes), len(wishes))

    async def _picture_wish(self, request: ThumbnailRequest) -> PictureWish:
        """The wish for the first picture of a title."""
        (scene,), english = await asyncio.gather(
            ask("title encoder", partial(self.titles.to_async.read_scenes, [request.title]), 1),
            self._translator.english(request.title),
        )
        return PictureWish(
            prompt=title_prompt(scene, english, settings),
            negative_prompt=negative_title_prompt(scene, request.negative_prompt, settings),
            seed=zlib.crc32(request.title.encode()) if request.seed is None else request.seed,
            named=scene.named,
        )


# `bentoml.service` has made a service of the class.
AIPlayer.add_asgi_middleware(RouteMetrics, api=app)  # type: ignore[attr-defined]
AIPlayer.add_asgi_middleware(ErrorShape, timeout_s=settings.answer_timeout_s)  # type: ignore[attr-defined]


def _today() -> date:
    return datetime.now(UTC).date()


async def _together(*calls: Awaitable[Any]) -> list[Any]:
    """The results of calls that do not need each other; where several fail, the error of the first in order."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results
