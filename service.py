"""The HTTP service: one gateway in front of three model runners and the catalogue.

bentoml serve service:AIPlayer
"""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, TypeVar

import bentoml
import numpy as np
from fastapi import FastAPI, Path, Response
from sqlalchemy.exc import SQLAlchemyError

from aiplayer.catalogue import Catalogue, Generation, Playlist, Song, Translations, connect
from aiplayer.errors import ModelMissing, Unavailable
from aiplayer.playlist.mixing import MixRequest, Pick, because, candidate_count, mix_playlist
from aiplayer.recommender.request import Request
from aiplayer.settings import Settings
from aiplayer.thumbnails.prompts import joined, title_prompt
from aiplayer.thumbnails.request import PaintedPicture, PictureWish
from aiplayer.titles.translation import Translator, google
from gateway.errors import ErrorShape, LimitBody, install_error_handlers
from gateway.runner_calls import ask
from gateway.schemas import (
    MAX_ID,
    ErrorAnswer,
    LikeAnswer,
    LikeRequest,
    PlaylistAnswer,
    RecommendAnswer,
    RecommendedSong,
    RecommendRequest,
    SimilarAnswer,
    SimilarPlaylist,
    SimilarRequest,
    ThumbnailRequest,
)
from gateway.thumbnails import finished_png, json_list, paint_pictures
from runners.playlist_autoencoder import PlaylistAutoencoder
from runners.store import check_made_for, pinned_model
from runners.thumbnail import Thumbnail
from runners.title_encoder import TitleEncoder, TitleQuery

T = TypeVar("T")
SCORE_DIGITS = 6
# As many as the engine's pool has connections.
DATABASE_THREADS = 15

logger = logging.getLogger(__name__)

settings = Settings()
app = FastAPI(
    title="AI Player",
    description="From the title of a playlist to songs, hashtags and a thumbnail.",
    openapi_url="/docs.json",
    docs_url=None,
    redoc_url=None,
    responses={status: {"model": ErrorAnswer} for status in (400, 404, 413, 422, 503)},
)
app.add_middleware(LimitBody, max_bytes=settings.max_body_bytes)
install_error_handlers(app)


@bentoml.service(name="ai_player", traffic={"timeout": 300})
@bentoml.asgi_app(app, path="/")
class AIPlayer:
    """Titles in; playlists and pictures out. Two users never share anything but the catalogue."""

    titles = bentoml.depends(TitleEncoder)
    autoencoder = bentoml.depends(PlaylistAutoencoder)
    thumbnails = bentoml.depends(Thumbnail)

    def __init__(self) -> None:
        index = pinned_model(settings.models.title_index, "title index")
        self.made_for = index.info.labels["catalogue"]
        check_made_for(pinned_model(settings.models.playlist_autoencoder, "recommender"), "catalogue", self.made_for)
        engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s)
        self.catalogue = Catalogue(engine)
        # Threads of its own: whoever waits for an absent database keeps nobody else waiting.
        self._database_threads = ThreadPoolExecutor(DATABASE_THREADS, "database")
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

    @app.post("/similar")
    async def similar(self, request: SimilarRequest) -> SimilarAnswer:
        """Playlists with the most similar titles, best first, with their songs."""
        query = TitleQuery(title=request.title, count=request.count)
        _, (hits,) = await _together(
            self._query(self.catalogue.require_version, self.made_for),
            ask("title encoder", partial(self.titles.to_async.search, [query]), 1),
        )
        playlists = await self._query(self.catalogue.playlists, [hit.playlist_id for hit in hits])

        answer = []
        for playlist, hit in zip(playlists, hits, strict=True):
            score = round(hit.score, SCORE_DIGITS)
            answer.append(SimilarPlaylist.model_validate(vars(playlist) | {"score": score}))
        return SimilarAnswer(playlists=answer)

    @app.post("/recommend")
    async def recommend(self, request: RecommendRequest) -> RecommendAnswer:
        """Songs and hashtags for a title and any chosen playlists; kept, so that they can be liked."""
        _, playlists, songs_by_excluded_artists, embedding = await _together(
            self._query(self.catalogue.require_version, self.made_for),
            self._query(self.catalogue.playlists, list(dict.fromkeys(request.playlist_ids))),
            self._query(self.catalogue.songs_by, request.exclude_artists),
            self._embed(request.title),
        )
        wish = Request(
            title_embedding=embedding,
            title=request.title,
            song_ids=list(dict.fromkeys(song.song_id for playlist in playlists for song in playlist.songs)),
            tags=list(dict.fromkeys(tag for playlist in playlists for tag in playlist.tags)),
            exclude_song_ids=sorted(songs_by_excluded_artists.union(request.exclude_song_ids)),
            song_count=candidate_count(request.song_count),
            tag_count=request.tag_count,
        )
        (recommendation,) = await ask("recommender", partial(self.autoencoder.to_async.recommend, [wish]), 1)

        new_songs = await self._query(self.catalogue.songs, [song.song_id for song in recommendation.new])
        songs = {song.song_id: song for song in new_songs}
        songs |= {song.song_id: song for playlist in playlists for song in playlist.songs}
        mixing = MixRequest(request.title, request.similarity, request.song_count, request.songs_per_artist)
        picks = mix_playlist(mixing, recommendation, songs, datetime.now(UTC).date())

        answer = [_recommended(pick, request.title, playlists, songs) for pick in picks]
        generation = Generation(
            title=request.title,
            seed_playlists=[playlist.playlist_id for playlist in playlists],
            songs=[song.model_dump(include={"song_id", "score", "source"}) for song in answer],
            tags=recommendation.tags,
        )
        await self._query(self.catalogue.remember, generation)
        return RecommendAnswer(generation_id=generation.generation_id, songs=answer, tags=recommendation.tags)

    @app.post("/thumbnail", response_class=Response, responses={200: {"content": {"image/png": {}}}})
    async def thumbnail(self, request: ThumbnailRequest) -> Response:
        """A 16:9 PNG for the title; with `count` over 1 a JSON list of base64 PNGs."""
        if request.generation_id:
            await self._query(self.catalogue.generation, request.generation_id)
        prompt = await self._prompt(request.title)
        # The operator's words come first: what a model has no room for is cut off the caller's.
        negative_prompt = joined(settings.thumbnail_negative_prompt, request.negative_prompt)
        seed = zlib.crc32(request.title.encode()) if request.seed is None else request.seed
        pictures = await paint_pictures(self._paint, prompt, negative_prompt, seed, request.count)

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
        return Response(json_list(pngs), media_type="application/json")

    @app.post("/like")
    async def like(self, request: LikeRequest) -> LikeAnswer:
        """Store a like of a generation, or take it back."""
        await self._query(self.catalogue.set_liked, request.generation_id, request.liked)
        return LikeAnswer(generation_id=request.generation_id, liked=request.liked)

    @app.get("/playlists/{playlist_id}")
    async def playlist(self, playlist_id: Annotated[int, Path(ge=0, le=MAX_ID)]) -> PlaylistAnswer:
        """One playlist of the catalogue with its songs."""
        (playlist,) = await self._query(self.catalogue.playlists, [playlist_id])
        return PlaylistAnswer.model_validate(playlist)

    async def _query(self, call: Callable[..., T], *arguments: object) -> T:
        """Call the catalogue without holding up the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._database_threads, call, *arguments)

    async def _embed(self, title: str) -> np.ndarray:
        """The title's embedding, float32 [size], unit length."""
        (embedding,) = await ask("title encoder", partial(self.titles.to_async.encode, [title]), 1)
        return embedding

    async def _paint(self, wishes: list[PictureWish]) -> list[PaintedPicture]:
        """A picture a wish, or the reason why there is none."""
        return await ask("thumbnail runner", partial(self.thumbnails.to_async.paint, wishes), len(wishes))

    async def _prompt(self, title: str) -> str:
        """The English prompt of a title."""
        (choices,), english = await asyncio.gather(
            ask("title encoder", partial(self.titles.to_async.read_scenes, [title]), 1),
            self._translator.english(title),
        )
        return title_prompt(choices, english, settings)


# `bentoml.service` has made a service of the class.
AIPlayer.add_asgi_middleware(ErrorShape)  # type: ignore[attr-defined]


async def _together(*calls: Awaitable[Any]) -> list[Any]:
    """The results of calls that do not need each other; where several fail, the error of the first in order."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def _recommended(pick: Pick, title: str, playlists: list[Playlist], songs: dict[int, Song]) -> RecommendedSong:
    """A song of the answer with its name and the reason for it."""
    song = songs[pick.song.song_id]
    return RecommendedSong(
        song_id=song.song_id,
        name=song.name,
        artists=song.artists,
        genres=song.genres,
        score=round(pick.song.score, SCORE_DIGITS),
        source=pick.source,
        because=because(pick, title, playlists, songs),
    )
