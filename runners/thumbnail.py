"""The thumbnail model: pictures for English prompts, by the model that the settings name."""

import logging

import bentoml

from aiplayer.settings import Settings
from aiplayer.starting import STARTING, repeated
from aiplayer.thumbnails.request import PaintedPicture, PictureWish
from runners.store import LASTING_CONNECTION

# Stable Diffusion on a CPU paints one picture in minutes, and others may wait for it.
PICTURES_TIMEOUT_S = 3_600

# BentoML prints what its own loggers tell, of others only warnings.
logger = logging.getLogger("bentoml.aiplayer")


@bentoml.service(name="thumbnail", traffic={"timeout": PICTURES_TIMEOUT_S}, runner_connection=LASTING_CONNECTION)
class Thumbnail:
    """Prompts in, pictures out; which model paints is known to `aiplayer.thumbnails.models` alone."""

    def __init__(self) -> None:
        from aiplayer.thumbnails.models import thumbnail_model, warm_up

        with repeated(_tell) as tell:
            self._model = thumbnail_model(Settings(), tell)
            self._picture_s = warm_up(self._model, tell)

    @bentoml.api
    def picture_s(self) -> list[float]:
        """Seconds that one picture takes on this device, in a list of one."""
        return [self._picture_s]

    @bentoml.api(batchable=True, max_batch_size=8, max_latency_ms=PICTURES_TIMEOUT_S * 1_000)
    def paint(self, wishes: list[PictureWish]) -> list[PaintedPicture]:
        """One picture a wish, in order, with what its PNG says of it, or the reason why there is none."""
        from aiplayer.thumbnails.models import paint_all

        return paint_all(self._model, wishes)


def _tell(words: str) -> None:
    logger.info("%s%s", STARTING, words)
