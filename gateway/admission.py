"""How many requests of a kind are under way at once: one more is refused at once, before its body is read.

What is admitted is answered, for no queue behind it ever overflows; and pictures never take the place of searches.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from starlette.types import ASGIApp, Receive, Scope, Send

from aiplayer.errors import TooBusy
from aiplayer.telemetry.instruments import GATEWAY, instruments
from gateway.errors import problem

TOO_MANY = "too_many_under_way"
SHORTEST_RETRY_S, LONGEST_RETRY_S = 1, 600
# How much of the mean that tells when to come back is the newest request.
NEWEST_SHARE = 0.1


@dataclass
class Kind:
    """Requests that share a limit.

    Attributes:
        name: What a person and /metrics call them.
        paths: How their paths begin, of requests by POST.
        most: How many may be under way.
        read_paths: How their paths begin, of requests by GET.
        under_way: How many are.
        mean_s: How long the last ones took, in seconds.
    """

    name: str
    paths: tuple[str, ...]
    most: int
    read_paths: tuple[str, ...] = ()
    under_way: int = field(default=0, init=False)
    mean_s: float = field(default=0.0, init=False)

    def retry_after_s(self) -> int:
        """When about half of those under way will be done, in whole seconds."""
        return math.ceil(min(max(self.mean_s / 2, SHORTEST_RETRY_S), LONGEST_RETRY_S))


class Admission:
    """Admits as many requests of each kind as it says, and all others.

    Args:
        app: What answers.
        kinds: The kinds; a request is of the first whose path it has.
    """

    def __init__(self, app: ASGIApp, kinds: Sequence[Kind]) -> None:
        self.app = app
        self.kinds = kinds
        made = instruments()
        self._under_way = {kind.name: made.under_way.labels(kind.name) for kind in kinds}
        self._refused = {kind.name: made.refused.labels(GATEWAY, kind.name, TOO_MANY) for kind in kinds}
        for gauge in self._under_way.values():
            gauge.set(0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        kind = self._kind(scope)
        if kind is None:
            await self.app(scope, receive, send)
            return
        if kind.under_way >= kind.most:
            text = f"{kind.under_way} {kind.name} are under way already. Try again later."
            error = TooBusy(text, kind.retry_after_s())
            self._refused[kind.name].inc()
            await problem(error.status, error)(scope, receive, send)
            return

        kind.under_way += 1
        self._under_way[kind.name].set(kind.under_way)
        began = monotonic()
        try:
            await self.app(scope, receive, send)
        finally:
            kind.under_way -= 1
            self._under_way[kind.name].set(kind.under_way)
            kind.mean_s += NEWEST_SHARE * (monotonic() - began - kind.mean_s)

    def _kind(self, scope: Scope) -> Kind | None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "POST"}:
            return None
        for kind in self.kinds:
            paths = kind.paths if scope["method"] == "POST" else kind.read_paths
            if scope["path"].startswith(paths):
                return kind
        return None
