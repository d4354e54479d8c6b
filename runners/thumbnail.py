"""The thumbnail model: pictures for English prompts, by the model that the settings name."""

import bentoml

from aiplayer.settings import Settings
from aiplayer.thumbnails.request import PaintedPicture, PictureWish
from runners.store import LASTING_CONNECTION


@bentoml.service(name="thumbnail", traffic={"timeout": 300}, runner_connection=LASTING_CONNECTION)
class Thumbnail:
    """Prompts in, pictures out; which model paints is known to `aiplayer.thumbnails.models` alone."""

    def __init__(self) -> None:
        from aiplayer.thumbnails.models import thumbnail_model, warm_up

        self._model = thumbnail_model(Settings())
        warm_up(self._model)

    @bentoml.api(batchable=True, max_batch_size=8, max_latency_ms=240_000)
    def paint(self, wishes: list[PictureWish]) -> list[PaintedPicture]:
        """One picture a wish, in order, with what its PNG says of it, or the reason why there is none."""
        from aiplayer.thumbnails.models import paint_all

        return paint_all(self._model, wishes)
