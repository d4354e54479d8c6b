"""Our networks with the weights of the miniature."""

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.support.stable_diffusion import TINY

if TYPE_CHECKING:
    from aiplayer.thumbnails.diffusion.networks import Networks


@pytest.fixture(scope="session")
def networks(published: SimpleNamespace) -> "Networks":
    """Our networks, with the weights of the published folder."""
    from aiplayer.thumbnails.diffusion.files.weights import load_safetensors
    from aiplayer.thumbnails.diffusion.networks import build_networks

    ours = build_networks(TINY)
    load_safetensors(ours, published.folder)
    return ours
