"""A latent diffusion model as a thumbnail model: its weights, how it is used, and how it computes on this device."""

import gc
import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from aiplayer.errors import AIPlayerError, NotPainted
from aiplayer.settings import Settings
from aiplayer.starting import Tell, tell_nobody
from aiplayer.thumbnails.brushwork import paint_strokes
from aiplayer.thumbnails.diffusion_loading import is_small, load_model, usage_of
from aiplayer.thumbnails.pictures import fill
from aiplayer.thumbnails.progress import Progress, TellShare
from aiplayer.thumbnails.request import PictureWish

if TYPE_CHECKING:
    from aiplayer.thumbnails.diffusion.samplers import Sampler
    from aiplayer.thumbnails.diffusion.tuning import Way

logger = logging.getLogger(__name__)

FLOAT32 = "float32"


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
        used = usage_of(path, settings)
        sampler = Sampler(settings.diffusion_sampler)
        # What does not fit is refused before TensorFlow is imported and the weights are read.
        plan(sampler, used.steps)

        self._model, self._way = load_model(path, used, settings, tell)
        self._load_in_float32 = partial(
            load_model, path, used, settings.model_copy(update={"diffusion_precision": FLOAT32}), tell_nobody
        )
        self._used = used
        self._sampler = sampler
        self.most_at_once, self._sizes_to_warm_up = _batches(settings.diffusion_batch, self._way)
        self._thumbnail_size = (settings.thumbnail_width_px, settings.thumbnail_height_px)
        # A model that never saw people knows nothing of leaving them out.
        self._unknown_to_model = settings.thumbnail_negative_prompt if is_small(path) else ""
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

    def paint(
        self, wishes: Sequence[PictureWish], progress: Progress | None = None
    ) -> list[np.ndarray | AIPlayerError]:
        """A picture a wish; it has the thumbnail's shape, so what stands over is cut off.

        Where half precision computes no picture, the model goes over to float32 for good.
        """
        progress = progress or Progress()
        results = self._paint_all(wishes, progress)
        has_failed = any(isinstance(result, NotPainted) for result in results)
        if has_failed and self._way.precision != FLOAT32:
            self._go_over_to_float32()
            results = self._paint_all(wishes, progress)

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
        """Compile, for each size of batch that needs it, and return the seconds of one picture."""
        from aiplayer.thumbnails.diffusion.latent_diffusion import Wish

        wish = Wish("a lake in the morning", guidance=self._used.guidance)
        seconds = []
        for size in self._sizes_to_warm_up:
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

    def _paint_all(self, wishes: Sequence[PictureWish], progress: Progress) -> list[np.ndarray | AIPlayerError]:
        """A picture a wish, uint8 [height, width, 3] of the size that the model paints, or why there is none."""
        results: list[np.ndarray | AIPlayerError] = []
        for start in range(0, len(wishes), self.most_at_once):
            end = min(start + self.most_at_once, len(wishes))
            results += self._paint_batch(wishes[start:end], progress.of_part(start, end, len(wishes)))
        return results

    def _paint_batch(self, wishes: Sequence[PictureWish], tell: TellShare) -> list[np.ndarray | AIPlayerError]:
        """What `_paint_all` returns, computed all at once."""
        from aiplayer.thumbnails.diffusion.latent_diffusion import Wish, to_shades

        padded_count = 2 ** (len(wishes) - 1).bit_length()
        padding = [wishes[-1]] * (padded_count - len(wishes))
        model_wishes = []
        for wish in [*wishes, *padding]:
            negative_prompt = wish.negative_prompt.removeprefix(self._unknown_to_model)
            model_wishes.append(Wish(wish.prompt, negative_prompt, wish.seed, self._used.guidance))

        computed = self._model.compute(model_wishes, tell=tell, **self._options)
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


def _batches(most_at_once: int, way: "Way") -> tuple[int, list[int]]:
    """How many pictures are painted at once, at most, and which sizes of batch have to be warmed up.

    XLA compiles each size for itself, for minutes, and a GPU looks for the fastest kernels of each: so there are only
    powers of two. Without XLA a CPU takes any size alike; with it two pictures take as long as one after the other.
    """
    from aiplayer.thumbnails.diffusion import tuning

    is_gpu = tuning.device()[0] == "GPU"
    if not is_gpu:
        return (1 if way.jit_compile else most_at_once), [1]
    return most_at_once, [2**power for power in range((most_at_once - 1).bit_length() + 1)]
