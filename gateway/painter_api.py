"""The API of a painter that other machines' gateways ask (`gateway.remote_painter`).

The app that includes `router` holds `PainterCalls` as `state.painter`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from aiplayer.thumbnails.request import PictureWish
from gateway.bodies import JSONRoute
from gateway.painter_calls import PainterCalls
from gateway.picture_schemas import PNG, PainterAnswer, Seed
from gateway.request_fields import MAX_TITLE_CHARACTERS
from gateway.request_fields import Request as RequestModel

PATH = "/pictures"
SHARES_PATH = PATH + "/shares"
# Our gateways send prompts that they have made of a title, what its owner wants and what the client excludes.
MAX_MADE_PROMPT_CHARACTERS = 8_000
MOST_NAMED = 50

Word = Annotated[str, Field(max_length=MAX_TITLE_CHARACTERS)]


class WishRequest(RequestModel):
    """Paint one picture, exactly so."""

    prompt: str = Field(max_length=MAX_MADE_PROMPT_CHARACTERS, description="What to paint, in English.")
    negative_prompt: str = Field(default="", max_length=MAX_MADE_PROMPT_CHARACTERS, description="What to leave out.")
    seed: Seed = Field(description="Decides all that the prompt leaves open.")
    named: dict[Word, Word | Annotated[list[Word], Field(max_length=MOST_NAMED)]] = Field(
        default={}, max_length=MOST_NAMED, description="What of the scene the title named; the PNG tells it."
    )
    title: str | None = Field(
        default=None, max_length=MAX_TITLE_CHARACTERS, description="What to write on it; null for nothing."
    )

    def wish(self) -> PictureWish:
        """What the model is asked."""
        return PictureWish(**self.model_dump())


class PainterStatus(PainterAnswer):
    """How long a picture takes, and how long nobody has wanted one."""

    idle_s: float = Field(ge=0, description="Seconds since the last picture was painted; 0 while one is.")


class Idleness:
    """How long nobody has wanted a picture; from the start on where nobody ever has."""

    def __init__(self) -> None:
        self._under_way = 0
        self._since_s = time.monotonic()

    @contextmanager
    def ended(self) -> Iterator[None]:
        """A picture is wanted meanwhile."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._since_s = time.monotonic()

    def seconds(self) -> float:
        """0 while a picture is wanted."""
        return 0.0 if self._under_way else time.monotonic() - self._since_s


class ShareAnswer(BaseModel):
    """How far a picture is."""

    share: float = Field(ge=0, le=1, description="The share that is painted; 0 where nobody has asked for it.")


router = APIRouter(route_class=JSONRoute)
idleness = Idleness()


@router.post(PATH, response_class=Response, responses={200: {"content": PNG}})
async def paint(body: WishRequest, request: Request) -> Response:
    """A 16:9 PNG, which holds how it was made."""
    with idleness.ended():
        picture = await _painter(request).pictures.result(body.wish())
    return Response(picture.png, media_type="image/png")


@router.post(SHARES_PATH)
async def share(body: WishRequest, request: Request) -> ShareAnswer:
    """How much of a picture is painted, which somebody waits for."""
    return ShareAnswer(share=await _painter(request).shares.result(body.wish()))


@router.get(PATH)
async def status(request: Request) -> PainterStatus:
    """How long a picture takes on this device, and since when nobody has wanted one."""
    picture_s = await _painter(request).times.result(None)
    return PainterStatus(picture_s=picture_s, idle_s=idleness.seconds())


def _painter(request: Request) -> PainterCalls:
    return request.app.state.painter
