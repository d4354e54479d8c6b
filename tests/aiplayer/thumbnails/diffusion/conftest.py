"""Our networks with the weights of the miniature."""

import pytest

from aiplayer.thumbnails.diffusion.files.weights import load_safetensors
from aiplayer.thumbnails.diffusion.networks import Networks, build_networks
from tests.support.stable_diffusion import TINY


@pytest.fixture(scope="session")
def networks(published) -> Networks:
    """Ours, with the weights of the folder."""
    ours = build_networks(TINY)
    load_safetensors(ours, published.folder)
    return ours
