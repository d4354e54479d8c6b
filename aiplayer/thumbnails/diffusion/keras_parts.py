"""The layers of keras-cv that the networks are built of.

keras-cv imports torch where torch is installed, though nothing here uses it. Here it is imported as if torch were
missing, which makes the process 180 MiB smaller.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType


class _MissingModule(MetaPathFinder):
    """Makes a module look as if it were not installed, unless it has been imported before.

    Args:
        module: The name of the module.
    """

    def __init__(self, module: str) -> None:
        self._module = module

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> None:
        """Refuse the module, and leave every other module to the usual finders.

        Raises:
            ModuleNotFoundError: the module is imported.
        """
        if name == self._module:
            raise ModuleNotFoundError(f"{name} is hidden while keras-cv is imported", name=name)


@contextmanager
def _without(module: str) -> Iterator[None]:
    hidden = _MissingModule(module)
    sys.meta_path.insert(0, hidden)
    try:
        yield
    finally:
        sys.meta_path.remove(hidden)


with _without("torch"):
    from keras_cv.src.models.stable_diffusion.attention_block import AttentionBlock
    from keras_cv.src.models.stable_diffusion.diffusion_model import GEGLU, CrossAttention, ResBlock, Upsample
    from keras_cv.src.models.stable_diffusion.padded_conv2d import PaddedConv2D
    from keras_cv.src.models.stable_diffusion.resnet_block import ResnetBlock
    from keras_cv.src.models.stable_diffusion.text_encoder import CLIPEmbedding, CLIPEncoderLayer, quick_gelu

__all__ = [
    "GEGLU",
    "AttentionBlock",
    "CLIPEmbedding",
    "CLIPEncoderLayer",
    "CrossAttention",
    "PaddedConv2D",
    "ResBlock",
    "ResnetBlock",
    "Upsample",
    "quick_gelu",
]
