"""The models that can paint a thumbnail: the scene painter, which needs nothing, and Stable Diffusion.

Each paints batches of pictures of one size, and the same picture for the same prompt and seed.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from pydantic import BaseModel

from aiplayer.errors import InvalidInput
from aiplayer.pictures import fill
from aiplayer.settings import STATE, Settings

PAINTER = "scene-painter-1"
MEASURED_FILE = STATE / "diffusion_speed.json"


class PictureWish(BaseModel):
    """What to paint, what to leave out, and the seed of everything that the prompt leaves open."""

    prompt: str
    negative_prompt: str
    seed: int


class ThumbnailModel(Protocol):
    """Paints pictures."""

    facts: dict[str, str]
    """What the PNG says of every picture: "model", and how it is used."""

    def cut(self, prompt: str) -> str:
        """What of a prompt is too much for the model, "" as a rule."""

    def paint(self, wishes: Sequence[PictureWish]) -> np.ndarray:
        """n wishes -> uint8 [n, height, width, 3] RGB, of the size of the settings."""


def thumbnail_model(settings: Settings) -> ThumbnailModel:
    """The model that the settings name.

    Raises:
        InvalidInput: its settings do not fit it.
        ModelMissing: its weights are missing, damaged, or not the expected ones.
    """
    return StableDiffusionModel(settings) if settings.diffusion_weights else ScenePainter(settings)


class ScenePainter:
    """The scene painter (`aiplayer.painting`)."""

    def __init__(self, settings: Settings):
        from aiplayer import painting

        self.facts = {"model": PAINTER}
        self._painting = painting
        self._size = {"width_px": settings.thumbnail_width_px, "height_px": settings.thumbnail_height_px}

    def cut(self, prompt: str) -> str:
        """The painter reads everything."""
        return ""

    def paint(self, wishes: Sequence[PictureWish]) -> np.ndarray:
        """n wishes -> uint8 [n, height, width, 3]."""
        return np.stack([self._paint_one(wish) for wish in wishes])

    def _paint_one(self, wish: PictureWish) -> np.ndarray:
        scene = self._painting.read_scene(wish.prompt, wish.negative_prompt, wish.seed)
        return self._painting.paint(scene, wish.seed, **self._size)


class StableDiffusionModel:
    """Stable Diffusion 1.x with the weights of the settings, computed as is fastest on this device."""

    def __init__(self, settings: Settings):
        from aiplayer.diffusion.folder import sizes_of
        from aiplayer.diffusion.hashes import check_hashes, hashes_of
        from aiplayer.diffusion.hub import folder_of
        from aiplayer.diffusion.latent_diffusion import Wish
        from aiplayer.diffusion.samplers import Sampler, plan
        from aiplayer.diffusion.stable_diffusion import StableDiffusion
        from aiplayer.diffusion.tuning import fastest_way

        folder = folder_of(settings.diffusion_weights)
        sizes = sizes_of(folder)
        for side in ("width_px", "height_px"):
            _require_multiple(f"diffusion_{side}", getattr(settings, f"diffusion_{side}"), sizes.multiple_px)
        check_hashes(folder, hashes_of(folder))
        way = fastest_way(sizes.unet, MEASURED_FILE, settings.diffusion_precision, settings.diffusion_jit_compile)
        self._model = StableDiffusion.from_folder(folder, sizes, precision=way.precision, jit_compile=way.jit_compile)
        self._make_wish, self._guidance = Wish, settings.diffusion_guidance
        self._most = settings.diffusion_batch
        self._size = (settings.thumbnail_width_px, settings.thumbnail_height_px)
        self._painting = {
            "width_px": settings.diffusion_width_px,
            "height_px": settings.diffusion_height_px,
            "sampler": Sampler(settings.diffusion_sampler),
            "steps": settings.diffusion_steps,
        }
        plan(self._painting["sampler"], settings.diffusion_steps)
        self.facts = {
            "model": folder.name,
            "sampler": settings.diffusion_sampler,
            "steps": str(settings.diffusion_steps),
            "guidance": f"{settings.diffusion_guidance:g}",
            "precision": way.precision,
        }

    def cut(self, prompt: str) -> str:
        """What comes after 77 tokens, from the first word that does not fit."""
        return self._model.cut(prompt)

    def paint(self, wishes: Sequence[PictureWish]) -> np.ndarray:
        """n wishes -> uint8 [n, height, width, 3]; scaled to cover the size, and what stands over cut off."""
        pictures = []
        for start in range(0, len(wishes), self._most):
            pictures += self._paint_batch(wishes[start : start + self._most])
        return np.stack([fill(picture, *self._size) for picture in pictures])

    def _paint_batch(self, wishes: Sequence[PictureWish]) -> list[np.ndarray]:
        # XLA compiles each size of batch for itself, for minutes: so there are only powers of two.
        padding = 2 ** (len(wishes) - 1).bit_length() - len(wishes)
        asked = [
            self._make_wish(wish.prompt, wish.negative_prompt, wish.seed, self._guidance)
            for wish in [*wishes, *[wishes[-1]] * padding]
        ]
        painted = self._model.paint(asked, **self._painting)
        return [picture.pixels for picture in painted[: len(wishes)]]


def _require_multiple(field: str, length: int, multiple: int) -> None:
    if length % multiple or length < 2 * multiple:
        raise InvalidInput(
            f"{field} is {length}. Use a multiple of {multiple}, at least {2 * multiple}: 1024 x 576 is 16:9.",
            field=field,
        )
