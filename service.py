"""The HTTP service: one gateway in front of three model runners and the catalogue.

bentoml serve service:AIPlayer

Or the painter alone, on a machine with a GPU, for gateways on other machines:

bentoml serve service:Painter
"""

import asyncio
import logging
import sys
import zlib
from functools import partial
from typing import Annotated, Any

import bentoml
from fastapi import Path, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import SQLAlchemyError

from aiplayer.catalogue import Catalogue, ClientSecrets, Translations, connect
from aiplayer.errors import ModelMissing, NotFound, Unavailable
from aiplayer.model_set import model_set
from aiplayer.settings import Settings
from aiplayer.telemetry.process import begin_telemetry
from aiplayer.telemetry.stages import JSON, TRANSLATION, Stage
from aiplayer.thumbnails.prompts import negative_title_prompt, title_prompt
from aiplayer.thumbnails.request import PictureWish
from aiplayer.thumbnails.title_scene import TitleScene
from aiplayer.titles.translation import Translator, google
from gateway import feedback, generations, painter_api, picture_jobs
from gateway.admission import Kind
from gateway.catalogue_calls import CatalogueCalls
from gateway.exposure.callers import trust_proxies
from gateway.exposure.clients import Clients
from gateway.front_page import FRONT_PAGE
from gateway.metrics import MEASURED_BY_ROUTE
from gateway.painter_calls import PainterCalls
from gateway.patience import LONGEST_S
from gateway.picture_maker import PictureMaker
from gateway.picture_painter import PicturePainter
from gateway.picture_schemas import PICTURE_ANSWERS, PainterAnswer, ThumbnailRequest
from gateway.playlist_maker import PlaylistMaker
from gateway.remote_painter import RemotePainter
from gateway.request_fields import MAX_ID
from gateway.runner_calls import RunnerCalls
from gateway.schemas import (
    AboutAnswer,
    PlaylistAnswer,
    RecommendAnswer,
    RecommendRequest,
    SimilarAnswer,
    SimilarRequest,
)
from gateway.serving import new_app, put_layers
from gateway.stand_in import StandIn, picture_headers
from gateway.supervisor import supervise
from gateway.thumbnails import json_list
from gateway.time_limit import install_time_limit
from gateway.worker_process import prepare_process
from runners.own_gateway import guard_runners, introduce_gateway
from runners.playlist_autoencoder import PlaylistAutoencoder
from runners.preloading import preload
from runners.store import WITHOUT_ACCESS_LINES, check_made_for, pinned_model, presence_of
from runners.thumbnail import Thumbnail
from runners.title_encoder import TitleEncoder

TIMEOUT_MARGIN_S = 10

logger = logging.getLogger(__name__)
install_time_limit()
settings = Settings()
supervise(preload, settings.started_by)
trust_proxies(settings.trusted_proxies)
prepare_process(settings)
MODELS = model_set(settings)
app = new_app(
    settings,
    "AI Player",
    "From the title of a playlist to songs, hashtags and a thumbnail.",
    [
        Kind("searches", ("/similar", "/recommend"), settings.most_searches),
        Kind("requests for picture jobs", (picture_jobs.PATH,), settings.most_searches),
        Kind("pictures", ("/thumbnail",), settings.most_pictures, read_paths=(generations.PATH,)),
    ],
)
app.include_router(picture_jobs.router)
app.include_router(feedback.router)
app.include_router(generations.router)
painter_app = new_app(
    settings,
    "AI Player: painter",
    "Pictures for prompts, for gateways on other machines.",
    [
        Kind("shares of pictures", (painter_api.SHARES_PATH,), settings.most_searches),
        Kind("pictures", (painter_api.PATH,), settings.most_pictures),
    ],
)
painter_app.include_router(painter_api.router)


served = partial(
    bentoml.service,
    # BentoML's own time limit answers in another shape, so that of `ErrorShape` ends first.
    traffic={"timeout": LONGEST_S + TIMEOUT_MARGIN_S},
    metrics=MEASURED_BY_ROUTE,
    logging=WITHOUT_ACCESS_LINES,
)


@served(name="ai_player", workers=settings.gateway_workers)
@bentoml.asgi_app(app, path="/")
class AIPlayer:
    """Titles in; playlists and pictures out. Two users never share anything but the catalogue."""

    titles = bentoml.depends(TitleEncoder)
    autoencoder = bentoml.depends(PlaylistAutoencoder)
    # Where another machine paints, a runner is needed here only while that sleeps.
    thumbnails = None if settings.painter_url and not settings.painter_sleeps else bentoml.depends(Thumbnail)

    def __init__(self) -> None:
        # Threads that compute give the event loop its turn after this long; by default it is 5 ms.
        sys.setswitchinterval(0.001)
        begin_telemetry(settings, "gateway")
        index = pinned_model(settings.models.title_index, "title index")
        made_for = index.info.labels["catalogue"]
        check_made_for(pinned_model(settings.models.playlist_autoencoder, "recommender"), "catalogue", made_for)
        engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s)
        catalogue = Catalogue(engine)
        try:
            catalogue.require_version(made_for)
        except Unavailable as error:
            raise ModelMissing(f"{error.message} Or run `make setup` to make models for this catalogue.") from error
        except SQLAlchemyError:
            logger.warning("the database does not answer yet; requests that need it get 503 until it does")
        self.catalogue = CatalogueCalls(catalogue, made_for)
        clients = Clients(settings.api_keys, partial(self.catalogue.query, ClientSecrets(engine).of_day))
        app.state.feedback = feedback.FeedbackCalls(self.catalogue, clients)
        translations = Translations(engine)
        self._translator = Translator(
            partial(self.catalogue.query, translations.recall),
            partial(self.catalogue.query, translations.remember),
            settings.translation_budget_s,
            google() if settings.translate_titles else None,
        )
        self._call_runners()
        painter, stand_in = self._painters()
        jobs = picture_jobs.PictureJobCalls(engine, self.catalogue, painter, stand_in, settings)
        pictures = PictureMaker(painter, stand_in, jobs, self.catalogue, settings)
        app.state.catalogue, app.state.pictures, app.state.picture_jobs = self.catalogue, pictures, jobs

    def _painters(self) -> tuple[PicturePainter, StandIn | None]:
        """What paints, and what stands in for it."""
        self._remote_painter = None
        here = None if self.thumbnails is None else runner_of_pictures(self.thumbnails)
        if here and not settings.painter_url:
            return PicturePainter(self._picture_wish, here), None

        self._remote_painter = RemotePainter(settings.painter_url, settings.painter_key.get_secret_value())
        elsewhere = PainterCalls(self._remote_painter, self._remote_painter.presence)
        painter = PicturePainter(self._picture_wish, elsewhere)
        return painter, StandIn(painter, here) if here else None

    def _call_runners(self) -> None:
        """Make what calls the other runners."""
        introduce_gateway(self.titles, self.autoencoder)

        # What a client can be asked is known to it from its first call on.
        titles, autoencoder = self.titles.to_async, self.autoencoder.to_async
        encoder = partial(RunnerCalls, "title encoder", presence_of("title_encoder"))
        recommender = partial(RunnerCalls, "recommender", presence_of("playlist_autoencoder"))

        self._scenes: RunnerCalls[str, TitleScene] = encoder("read_scenes", lambda asked: titles.read_scenes(asked))
        self._playlists = PlaylistMaker(
            self.catalogue,
            encoder("encode", lambda asked: titles.encode(asked)),
            recommender("search", lambda asked: autoencoder.search(asked)),
            recommender("recommend", lambda asked: autoencoder.recommend(asked)),
            MODELS,
        )

    @bentoml.on_shutdown
    async def close(self) -> None:
        """Close the connections to a painter elsewhere."""
        if self._remote_painter is not None:
            await self._remote_painter.close()

    @app.post("/similar", response_model=SimilarAnswer)
    async def similar(self, request: SimilarRequest) -> Response:
        """Playlists with the most similar titles, best first, with their songs."""
        return Response(await self._playlists.find(request), media_type="application/json")

    @app.post("/recommend", response_model=RecommendAnswer)
    async def recommend(self, request: RecommendRequest) -> Response:
        """Songs and hashtags for a title and any chosen playlists; kept, so that they can be liked."""
        return Response(await self._playlists.make(request), media_type="application/json")

    @app.post("/thumbnail", response_class=Response, responses={200: PICTURE_ANSWERS})
    async def thumbnail(self, request: ThumbnailRequest) -> Response:
        """A 16:9 PNG for the title; with `count` over 1 a JSON list of base64 PNGs."""
        pictures, better_job = await app.state.pictures.make(request)
        headers = picture_headers(pictures, better_job)
        pngs = [picture.png for picture in pictures.values()]
        if request.count == 1:
            return Response(pngs[0], headers=headers, media_type="image/png")
        with Stage(JSON):
            listed = await asyncio.to_thread(json_list, pngs)
        return Response(listed, headers=headers, media_type="application/json")

    @app.get("/thumbnail")
    async def painter(self) -> PainterAnswer:
        """How long a picture takes on this device, so that clients know how long to wait."""
        return PainterAnswer(picture_s=await app.state.pictures.picture_s())

    @app.get("/playlists/{playlist_id}")
    async def playlist(self, playlist_id: Annotated[int, Path(ge=0, le=MAX_ID)]) -> PlaylistAnswer:
        """One playlist of the catalogue with its songs."""
        try:
            (playlist,) = await self.catalogue.playlists([playlist_id])
        except NotFound as error:
            raise NotFound(error.message, code=error.code, field="playlist_id") from error
        return PlaylistAnswer.model_validate(playlist)

    # BentoML's own page at this address loads a tag manager.
    @app.api_route("/", methods=["GET", "HEAD"], response_class=HTMLResponse, include_in_schema=False)
    async def front_page(self) -> str:
        """Where to go from here, for a person."""
        return FRONT_PAGE

    @app.get("/about")
    async def about(self) -> AboutAnswer:
        """What a client's users should know of this service."""
        return AboutAnswer(translates_titles=self._translator.asks_google, model_set=MODELS.name)

    async def _english(self, title: str) -> str | None:
        with Stage(TRANSLATION):
            return await self._translator.english(title)

    async def _picture_wish(self, request: ThumbnailRequest) -> PictureWish:
        """The wish for the first picture of a title."""
        scene, english = await asyncio.gather(self._scenes.result(request.title), self._english(request.title))
        return PictureWish(
            prompt=title_prompt(scene, english, settings),
            negative_prompt=negative_title_prompt(scene, request.negative_prompt, settings),
            seed=zlib.crc32(request.title.encode()) if request.seed is None else request.seed,
            named=scene.named,
            title=request.title if request.overlay else None,
        )


# How long pictures may take is known when it is known how many there are.
put_layers(
    AIPlayer,
    app,
    settings,
    MODELS.name,
    slow={picture_jobs.PATH: settings.answer_timeout_s, "/thumbnail": LONGEST_S, generations.PATH: LONGEST_S},
)


def runner_of_pictures(thumbnails: Any) -> PainterCalls:
    """Calls to the thumbnail runner of this machine.

    Args:
        thumbnails: What `bentoml.depends` gives to a service.
    """
    introduce_gateway(thumbnails)
    return PainterCalls(thumbnails.to_async, presence_of("thumbnail"))


@served(name="painter")
@bentoml.asgi_app(painter_app, path="/")
class Painter:
    """The thumbnail model for other machines: whoever sets `painter_url` to its address has it paint."""

    thumbnails = bentoml.depends(Thumbnail)

    def __init__(self) -> None:
        begin_telemetry(settings, "painter")
        painter_app.state.painter = runner_of_pictures(self.thumbnails)


put_layers(Painter, painter_app, settings, MODELS.name, slow={painter_api.PATH: LONGEST_S})
guard_runners(TitleEncoder, PlaylistAutoencoder, Thumbnail)
