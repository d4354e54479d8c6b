"""The models that can paint a thumbnail: the scene painter, which needs nothing, and latent diffusion models.

Each paints batches of pictures of one size, and the same picture for the same prompt and seed.
"""

import json
import logging
import time
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from aiplayer.errors import AIPlayerError, InvalidInput, ModelMissing, NotPainted
from aiplayer.settings import Settings
from aiplayer.starting import Tell, tell_nobody
from aiplayer.thumbnails.diffusion_model import DiffusionModel
from aiplayer.thumbnails.progress import Progress
from aiplayer.thumbnails.request import PaintedPicture, PictureWish

logger = logging.getLogger(__name__)

PAINTER = "scene-painter-1"


class ThumbnailModel(Protocol):
    """Paints pictures."""

    facts: dict[str, str]
    """What the PNG says of every picture: "model", and how it is used."""
    most_at_once: int
    """How many pictures are painted together; more would only keep the first ones waiting for the last."""

    def cut(self, prompt: str) -> str:
        """What of a prompt is too much for the model, "" as a rule."""

    def facts_of(self, wish: PictureWish) -> dict[str, str]:
        """What the PNG of a wish that can be painted says besides."""

    def paint(
        self, wishes: Sequence[PictureWish], progress: Progress | None = None
    ) -> list[np.ndarray | AIPlayerError]:
        """A picture a wish, uint8 [height, width, 3] RGB of the size of the settings, or why it cannot be painted.

        Args:
            wishes: What to paint.
            progress: Is told how much of it is done.

        Raises:
            Stopped: nobody waits for it any more.
        """

    def warm_up(self, tell: Tell) -> float:
        """Do once what only the first pictures need, and return the seconds that one picture then takes."""


def paint_all(
    model: ThumbnailModel, wishes: Sequence[PictureWish], progress: Progress | None = None
) -> list[PaintedPicture | AIPlayerError]:
    """Paint wishes, each with its facts, or say why one cannot be painted, which keeps no other from being painted.

    Args:
        model: The model.
        wishes: What to paint.
        progress: Is told how much of it is done.

    Raises:
        Stopped: nobody waits for it any more.
    """
    painted: list[PaintedPicture | AIPlayerError] = []
    for wish, result in zip(wishes, model.paint(wishes, progress), strict=True):
        if isinstance(result, AIPlayerError):
            painted.append(result)
            continue

        prompts = {"prompt": wish.prompt, "negative_prompt": wish.negative_prompt}
        cuts = {f"{name}_cut": model.cut(text) for name, text in prompts.items()}
        facts = prompts | model.facts | {name: text for name, text in cuts.items() if text}
        painted.append(PaintedPicture(facts | model.facts_of(wish), result))
    return painted


def warm_up(model: ThumbnailModel, tell: Tell = tell_nobody) -> float:
    """Do once what only the first pictures need, and see that the model paints at all.

    Args:
        model: The model.
        tell: Called with what is being done, where that may take long.

    Returns:
        The seconds that one picture then takes.

    Raises:
        ModelMissing: it does not paint; the message says why.
    """
    try:
        return model.warm_up(tell)
    except NotPainted as error:
        raise ModelMissing(error.message) from error


def thumbnail_model(settings: Settings, tell: Tell = tell_nobody) -> ThumbnailModel:
    """The model that the settings name.

    Args:
        settings: Name the model and say how it is used.
        tell: Called with what is being done, where that may take long.

    Raises:
        InvalidInput: its settings do not fit it.
        ModelMissing: its weights are missing, damaged, or not the expected ones.
    """
    # Whoever stands in for a painter that is being woken is there at once.
    paints_scenes = settings.painter_sleeps or not settings.diffusion_weights
    return ScenePainter(settings) if paints_scenes else DiffusionModel(settings, tell)


class ScenePainter:
    """The scene painter (`aiplayer.thumbnails.painting`).

    Args:
        settings: Have the size of the pictures.
    """

    def __init__(self, settings: Settings):
        self.facts = {"model": PAINTER}
        self.most_at_once = 1
        self._width_px = settings.thumbnail_width_px
        self._height_px = settings.thumbnail_height_px

    def cut(self, prompt: str) -> str:
        """The painter reads everything."""
        return ""

    def facts_of(self, wish: PictureWish) -> dict[str, str]:
        """The scene that is painted, as JSON, with what of it the title named."""
        from aiplayer.thumbnails.painting import read_scene

        scene = read_scene(wish.prompt, wish.negative_prompt, wish.seed)
        shown = {attribute: getattr(scene, attribute) for attribute in ("place", "hour", "weather", "season")}
        whole = shown | {"elements": sorted(scene.elements), "named": wish.named}
        return {"scene": json.dumps(whole, ensure_ascii=False)}

    def paint(
        self, wishes: Sequence[PictureWish], progress: Progress | None = None
    ) -> list[np.ndarray | AIPlayerError]:
        """A picture a wish; a wish whose negative prompt forbids everything gets the error that says so."""
        progress = progress or Progress()
        pictures = []
        for number, wish in enumerate(wishes):
            progress.tell(number / len(wishes))
            pictures.append(self._paint_one(wish))
        return pictures

    def warm_up(self, tell: Tell) -> float:
        """Import what paints, and time one picture."""
        import aiplayer.thumbnails.painting  # noqa: F401

        start_s = time.perf_counter()
        painted = self._paint_one(PictureWish(prompt="a lake in the morning", negative_prompt="", seed=0))
        if isinstance(painted, AIPlayerError):
            raise painted
        return time.perf_counter() - start_s

    def _paint_one(self, wish: PictureWish) -> np.ndarray | AIPlayerError:
        from aiplayer.thumbnails.painting import paint, read_scene

        try:
            scene = read_scene(wish.prompt, wish.negative_prompt, wish.seed)
            return paint(scene, wish.seed, width_px=self._width_px, height_px=self._height_px)
        except InvalidInput as error:
            return error
        except Exception:
            # A fault of the painter in one scene must not cost the other pictures of the batch.
            logger.exception("a scene could not be painted, seed %d", wish.seed)
            return NotPainted("The painter could not paint this scene. Try another seed.")
