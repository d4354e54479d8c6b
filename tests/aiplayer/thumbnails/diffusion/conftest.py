"""Our networks with the weights of the miniature."""

from types import SimpleNamespace

import pytest

from aiplayer.thumbnails.diffusion.files.weights import load_safetensors
from aiplayer.thumbnails.diffusion.networks import Networks, build_networks
from tests.support.stable_diffusion import TINY


@pytest.fixture(scope="session")
def networks(published: SimpleNamespace) -> Networks:
    """Our networks, with the weights of the published folder."""
    ours = build_networks(TINY)
    load_safetensors(ours, published.folder)
    return ours
