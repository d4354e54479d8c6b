"""The layers around the service that settings ask for, in the order in which a request comes through them."""

from pathlib import Path
from typing import Any

from bentoml._internal.configuration.containers import BentoMLContainer

from aiplayer.exposure import ExposureSettings
from gateway.exposure.content_types import JSONOnly
from gateway.exposure.cors import Cors
from gateway.exposure.doorkeeper import Doorkeeper
from gateway.exposure.headers import SecurityHeaders

Layer = tuple[type, dict[str, Any]]


def outer_layers(settings: ExposureSettings) -> list[Layer]:
    """Each layer's class and its arguments besides the app, the outermost first.

    Headers are on every answer, so that also a refusal can be read by a page of another origin. A browser asks without
    a key what it may send, so that comes before the keys.
    """
    layers: list[Layer] = [(SecurityHeaders, {"private": bool(settings.api_keys)})]
    if settings.cors_origins:
        layers.append((Cors, {"origins": settings.cors_origins}))

    if settings.api_keys or settings.requests_per_minute:
        keys_and_rates = {"keys": settings.api_keys, "requests_per_minute": settings.requests_per_minute}
        layers.append((Doorkeeper, keys_and_rates | {"counters": counters_file()}))

    layers.append((JSONOnly, {}))
    return layers


def counters_file() -> Path:
    """Where requests are counted: in the folder that the processes of a service share and that its start empties."""
    return Path(BentoMLContainer.prometheus_multiproc_dir.get()) / "rates"
