"""The thumbnail model: pictures for English prompts. Today the scene painter paints them."""

import bentoml
import numpy as np
from pydantic import BaseModel

from aiplayer.settings import Settings
from runners.store import LASTING_CONNECTION

PAINTER = "scene-painter-1"


class PictureWish(BaseModel):
    """What to paint, what to leave out, and the seed of everything that the prompt leaves open."""

    prompt: str
    negative_prompt: str
    seed: int


@bentoml.service(name="thumbnail", traffic={"timeout": 300}, runner_connection=LASTING_CONNECTION)
class Thumbnail:
    """Prompts in, pictures out; which model paints is known to this class alone."""

    def __init__(self) -> None:
        from aiplayer import painting

        settings = Settings()
        self.size = {"width_px": settings.thumbnail_width_px, "height_px": settings.thumbnail_height_px}
        self.painting = painting
        self.paint([PictureWish(prompt="a lake in the morning", negative_prompt="", seed=0)])

    @bentoml.api
    def model(self) -> str:
        """The name of the model that paints."""
        return PAINTER

    @bentoml.api(batchable=True, max_batch_size=8, max_latency_ms=240_000)
    def paint(self, wishes: list[PictureWish]) -> np.ndarray:
        """n wishes -> uint8 [n, height, width, 3] RGB."""
        return np.stack([self._paint_one(wish) for wish in wishes])

    def _paint_one(self, wish: PictureWish) -> np.ndarray:
        scene = self.painting.read_scene(wish.prompt, wish.negative_prompt, wish.seed)
        return self.painting.paint(scene, wish.seed, **self.size)
