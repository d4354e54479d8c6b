"""The parts of keras-cv that the models are built of.

keras-cv imports torch where that is installed, and makes no use of it here; without it the process is 180 MiB smaller.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder


class _Missing(MetaPathFinder):
    """Lets a module look as if it were not installed, unless it has been imported before."""

    def __init__(self, name: str):
        self._name = name

    def find_spec(self, name, path=None, target=None):
        """Of another module: whatever others find."""
        if name == self._name:
            raise ModuleNotFoundError(f"{name} is not wanted here", name=name)


@contextmanager
def _without(name: str) -> Iterator[None]:
    missing = _Missing(name)
    sys.meta_path.insert(0, missing)
    try:
        yield
    finally:
        sys.meta_path.remove(missing)


with _without("torch"):
    from keras_cv.src.models.stable_diffusion.attention_block import AttentionBlock
    from keras_cv.src.models.stable_diffusion.clip_tokenizer import SimpleTokenizer
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
    "SimpleTokenizer",
    "Upsample",
    "quick_gelu",
]
