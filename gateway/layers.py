"""The layers around the service that settings ask for, in the order in which a request comes through them."""

from typing import Any

from gateway.content_types import JSONOnly
from gateway.headers import SecurityHeaders

Layer = tuple[type, dict[str, Any]]


def outer_layers() -> list[Layer]:
    """Each layer's class and its arguments besides the app, the outermost first.

    Headers are on every answer, also on a refusal.
    """
    layers: list[Layer] = [(SecurityHeaders, {})]
    layers.append((JSONOnly, {}))
    return layers
