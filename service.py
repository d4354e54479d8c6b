"""The HTTP service: one gateway in front of three model runners and the catalogue.

bentoml serve service:AIPlayer
"""

import asyncio
import base64
import logging
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Annotated, TypeVar

import bentoml
import numpy as np
from fastapi import FastAPI, Path, Response
from sqlalchemy.exc import SQLAlchemyError

from aiplayer.catalogue import Catalogue, Generation, Playlist, Song, Translations, connect
from aiplayer.errors import ModelMissing, Unavailable
from aiplayer.playlist.mixing import Candidate, Pick, arrange, because, candidate_count, mix
from aiplayer.settings import Settings
from aiplayer.thumbnails.models import PAINTER, PictureWish
from aiplayer.thumbnails.painting import read_scene
from aiplayer.thumbnails.pictures import lay_title, to_png
from aiplayer.thumbnails.prompts import PromptWriter, anchor_phrases, joined
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
from runners.playlist_autoencoder import PlaylistAutoencoder, PlaylistWish
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
        self._prompt_writer: asyncio.Task[PromptWriter] | None = None

    @app.post("/similar")
    async def similar(self, request: SimilarRequest) -> SimilarAnswer:
        """Playlists with the most similar titles, best first, with their songs."""
        await self._query(self.catalogue.require_version, self.made_for)
        query = TitleQuery(title=request.title, count=request.count)
        (hits,) = await ask("title encoder", partial(self.titles.to_async.search, [query]), 1)
        playlists = await self._query(self.catalogue.playlists, [hit.playlist_id for hit in hits])
        return SimilarAnswer(
            playlists=[
                SimilarPlaylist(
                    **PlaylistAnswer.model_validate(playlist).model_dump(), score=round(hit.score, SCORE_DIGITS)
                )
                for playlist, hit in zip(playlists, hits, strict=True)
            ]
        )

    @app.post("/recommend")
    async def recommend(self, request: RecommendRequest) -> RecommendAnswer:
        """Songs and hashtags for a title and any chosen playlists; kept, so that they can be liked."""
        await self._query(self.catalogue.require_version, self.made_for)
        playlists = await self._query(self.catalogue.playlists, list(dict.fromkeys(request.playlist_ids)))
        by_artists = await self._query(self.catalogue.songs_by, request.exclude_artists)
        excluded = by_artists.union(request.exclude_song_ids)
        picks, songs, tags = await self._choose(request, playlists, excluded)
        answer = [_recommended(pick, request.title, playlists, songs) for pick in picks]
        generation = Generation(
            title=request.title,
            seed_playlists=[playlist.playlist_id for playlist in playlists],
            songs=[song.model_dump(include={"song_id", "score", "source"}) for song in answer],
            tags=tags,
        )
        await self._query(self.catalogue.remember, generation)
        return RecommendAnswer(generation_id=generation.generation_id, songs=answer, tags=tags)

    async def _choose(
        self, request: RecommendRequest, playlists: list[Playlist], excluded: set[int]
    ) -> tuple[list[Pick], dict[int, Song], list[str]]:
        """The answer's songs, every song that was thought of by its id, and the answer's tags."""
        wish = PlaylistWish(
            title=request.title,
            title_embedding=(await self._embed([request.title]))[0].tolist(),
            song_ids=list(dict.fromkeys(song.song_id for playlist in playlists for song in playlist.songs)),
            tags=list(dict.fromkeys(tag for playlist in playlists for tag in playlist.tags)),
            exclude_song_ids=sorted(excluded),
            song_count=candidate_count(request.song_count),
            tag_count=request.tag_count,
        )
        (ranked,) = await ask("recommender", partial(self.autoencoder.to_async.recommend, [wish]), 1)
        found = await self._query(self.catalogue.songs, [song.song_id for song in ranked.new])
        songs = {song.song_id: song for song in chain(found, *(playlist.songs for playlist in playlists))}
        chosen, new = ([Candidate(**vars(song)) for song in side] for side in (ranked.chosen, ranked.new))
        chosen, new = arrange(request, chosen, new, songs, ranked.title_tags, datetime.now(UTC).date())
        return mix(chosen, new, request.similarity, request.song_count), songs, ranked.tags

    @app.post("/thumbnail", response_class=Response, responses={200: {"content": {"image/png": {}}}})
    async def thumbnail(self, request: ThumbnailRequest) -> Response:
        """A 16:9 PNG for the title; with `count` over 1 a JSON list of base64 PNGs."""
        if request.generation_id:
            await self._query(self.catalogue.generation, request.generation_id)
        prompt = await self._prompt(request.title)
        negative_prompt = joined(request.negative_prompt, settings.thumbnail_negative_prompt)
        first = zlib.crc32(request.title.encode()) if request.seed is None else request.seed
        seeds = [(first + step) % 2**32 for step in range(request.count)]
        facts = await ask("thumbnail runner", partial(self.thumbnails.to_async.facts, prompt, negative_prompt))
        if facts["model"] == PAINTER:
            for seed in seeds:
                read_scene(prompt, negative_prompt, seed)
        wishes = [PictureWish(prompt=prompt, negative_prompt=negative_prompt, seed=seed) for seed in seeds]
        pictures = await ask("thumbnail runner", partial(self.thumbnails.to_async.paint, wishes), len(wishes))
        title = request.title if request.overlay else None
        pngs = await asyncio.gather(
            *(
                asyncio.to_thread(_finish, picture, title, facts | {"seed": str(seed)})
                for picture, seed in zip(pictures, seeds, strict=True)
            )
        )
        if request.generation_id:
            await self._query(self.catalogue.set_thumbnail, request.generation_id, facts | {"seeds": seeds})
        if request.count == 1:
            return Response(pngs[0], media_type="image/png")
        return Response(_json_list(pngs), media_type="application/json")

    @app.post("/like")
    async def like(self, request: LikeRequest) -> LikeAnswer:
        """Store a like of a generation, or take it back."""
        await self._query(self.catalogue.set_liked, request.generation_id, request.liked)
        return LikeAnswer(generation_id=request.generation_id, liked=request.liked)

    @app.get("/playlists/{playlist_id}")
    async def playlist(self, playlist_id: Annotated[int, Path(ge=0, le=MAX_ID)]) -> PlaylistAnswer:
        """One playlist of the catalogue with its songs."""
        (found,) = await self._query(self.catalogue.playlists, [playlist_id])
        return PlaylistAnswer.model_validate(found)

    async def _query(self, call: Callable[..., T], *arguments: object) -> T:
        """Call the catalogue without holding up the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._database_threads, call, *arguments)

    async def _embed(self, titles: list[str]) -> np.ndarray:
        return await ask("title encoder", partial(self.titles.to_async.encode, titles), len(titles))

    async def _prompt(self, title: str) -> str:
        """The English prompt of a title; the anchors are embedded once, by whoever comes first."""
        if self._prompt_writer is None or (self._prompt_writer.done() and self._prompt_writer.exception()):
            self._prompt_writer = asyncio.ensure_future(self._make_prompt_writer())
        writer, (embedding,), english = await asyncio.gather(
            asyncio.shield(self._prompt_writer), self._embed([title]), self._translator.english(title)
        )
        subject = writer.subject(title, embedding, english)
        return joined(settings.thumbnail_art_form, subject, settings.thumbnail_details)

    async def _make_prompt_writer(self) -> PromptWriter:
        return PromptWriter({name: await self._embed(phrases) for name, phrases in anchor_phrases().items()})


AIPlayer.add_asgi_middleware(ErrorShape)


def _recommended(pick: Pick, title: str, playlists: list[Playlist], songs: dict[int, Song]) -> RecommendedSong:
    """A song of the answer with its name and the reason for it."""
    score, reason = round(pick.candidate.score, SCORE_DIGITS), because(pick, title, playlists, songs)
    song = vars(songs[pick.candidate.song_id])
    return RecommendedSong.model_validate(song | {"score": score, "source": pick.source, "because": reason})


def _finish(picture: np.ndarray, title: str | None, facts: dict[str, str]) -> bytes:
    return to_png(picture if title is None else lay_title(picture, title), facts)


def _json_list(pngs: list[bytes]) -> bytes:
    return b'["' + b'","'.join(map(base64.b64encode, pngs)) + b'"]'
