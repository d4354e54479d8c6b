"""The thumbnail model: pictures for English prompts, by the model that the settings name."""

import bentoml
import numpy as np

from aiplayer.settings import Settings
from aiplayer.thumbnails.models import PictureWish, thumbnail_model
from runners.store import LASTING_CONNECTION


@bentoml.service(name="thumbnail", traffic={"timeout": 300}, runner_connection=LASTING_CONNECTION)
class Thumbnail:
    """Prompts in, pictures out; which model paints is known to `aiplayer.thumbnails.models` alone."""

    def __init__(self) -> None:
        self._model = thumbnail_model(Settings())
        self.paint([PictureWish(prompt="a lake in the morning", negative_prompt="", seed=0)])

    @bentoml.api
    def facts(self, prompt: str, negative_prompt: str) -> dict[str, str]:
        """What a picture's PNG says of it: the prompts, what of them was too much, the model and how it is used."""
        prompts = {"prompt": prompt, "negative_prompt": negative_prompt}
        cut = {f"{name}_cut": self._model.cut(text) for name, text in prompts.items()}
        return prompts | self._model.facts | {name: text for name, text in cut.items() if text}

    @bentoml.api(batchable=True, max_batch_size=8, max_latency_ms=240_000)
    def paint(self, wishes: list[PictureWish]) -> np.ndarray:
        """n wishes -> uint8 [n, height, width, 3] RGB."""
        return self._model.paint(wishes)
