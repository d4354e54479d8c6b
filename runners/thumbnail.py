"""The thumbnail model: pictures for English prompts, by the model that the settings name."""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated

import bentoml

from aiplayer.settings import Settings
from aiplayer.starting import STARTING, repeated
from aiplayer.thumbnails.request import PaintedPicture, PictureWish
from runners.batching import Batches
from runners.store import ANSWER, LASTING_CONNECTION

# Stable Diffusion on a CPU paints one picture in minutes, and others may wait for it.
PICTURES_TIMEOUT_S = 3_600
MOST_PICTURES = 8
MOST_WAITING = 64

# BentoML prints what its own loggers tell, of others only warnings.
logger = logging.getLogger("bentoml.aiplayer")


@bentoml.service(name="thumbnail", traffic={"timeout": PICTURES_TIMEOUT_S}, runner_connection=LASTING_CONNECTION)
class Thumbnail:
    """Prompts in, pictures out; which model paints is known to `aiplayer.thumbnails.models` alone."""

    def __init__(self) -> None:
        from aiplayer.thumbnails.models import paint_all, thumbnail_model, warm_up

        with repeated(_tell) as tell:
            model = thumbnail_model(Settings(), tell)
            self._picture_s = warm_up(model, tell)
        thread = ThreadPoolExecutor(1, "thumbnail")
        self._pictures = Batches(
            "paint", partial(paint_all, model), thread, MOST_PICTURES, MOST_WAITING, item_s=self._picture_s
        )

    @bentoml.api
    async def picture_s(self, patience_s: float) -> Annotated[list[float], ANSWER]:
        """Seconds that one picture takes on this device, in a list of one; told at once, whatever is being painted."""
        return [self._picture_s]

    @bentoml.api
    async def paint(self, wishes: list[PictureWish], patience_s: float) -> Annotated[list[PaintedPicture], ANSWER]:
        """One picture a wish, in order, with what its PNG says of it, or the reason why there is none."""
        return list(await self._pictures.results(wishes, patience_s))


def _tell(words: str) -> None:
    logger.info("%s%s", STARTING, words)
