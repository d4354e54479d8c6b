"""Who may ask, and how often: the first thing that is decided of a request, before its body is read."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from aiplayer.errors import AIPlayerError
from aiplayer.exposure import ApiKey
from aiplayer.telemetry.instruments import GATEWAY, instruments
from gateway.errors import problem
from gateway.exposure.callers import caller_of
from gateway.exposure.counters import SharedCounters
from gateway.exposure.keys import KeyRing, sent_key
from gateway.exposure.rates import Rates

# What load balancers ask; they have no keys, and ask as often as they like.
PROBES = frozenset({"/healthz", "/livez", "/readyz"})
OPEN_PATHS = PROBES | {"/"}
CHALLENGE = 'Bearer realm="AI Player"'
# What /metrics calls what is refused here, and why.
REFUSED_WORK = "requests"
TOO_MANY, KEY_MISSING, KEY_UNKNOWN = "too_many_requests", "key_missing", "key_unknown"


class Doorkeeper:
    """Refuses requests without a key of this service, and those of callers that ask too often.

    A request is counted for its key, wherever it comes from; without a known one for its address, so that nobody tries
    keys without end.

    Args:
        app: What serves the others.
        keys: Where there are none, no request needs one.
        requests_per_minute: Of each caller, unless its key says otherwise; 0 for any number.
        counters: The file in which requests are counted.
    """

    def __init__(self, app: ASGIApp, keys: Sequence[ApiKey], requests_per_minute: int, counters: Path):
        self.app = app
        self._needs_key = bool(keys)
        self._keys = KeyRing(keys)
        self._requests_per_minute = requests_per_minute
        self._rates = Rates(SharedCounters(counters))
        # Told before there is one.
        for reason in (TOO_MANY, KEY_MISSING, KEY_UNKNOWN):
            instruments().refused.labels(GATEWAY, REFUSED_WORK, reason)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan" or scope["path"] in PROBES:
            await self.app(scope, receive, send)
            return

        sent = sent_key(scope)
        key = self._keys.find(sent) if sent is not None else None
        limit = self._limit(key)
        caller = caller_of(scope, key)
        wait_s = self._rates.wait_s(caller, limit) if limit else 0

        if wait_s:
            await _too_many(limit, wait_s)(scope, receive, send)
        elif self._needs_key and key is None and scope["path"] not in OPEN_PATHS:
            await (_unknown_key() if sent else _missing_key())(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _limit(self, key: ApiKey | None) -> int:
        """Most requests a minute of whoever sent a key."""
        if key is None or key.requests_per_minute is None:
            return self._requests_per_minute
        return key.requests_per_minute


def _too_many(limit: int, wait_s: int) -> ASGIApp:
    text = f"One client may make {limit:,} requests a minute. Try again in {wait_s} s."
    return _refusal(429, TOO_MANY, text, {"Retry-After": str(wait_s)})


def _missing_key() -> ASGIApp:
    text = (
        "This service needs a key, which its operator gives out. Send it as `Authorization: Bearer KEY` or as "
        "`X-API-Key: KEY`."
    )
    return _refusal(401, KEY_MISSING, text, {"WWW-Authenticate": CHALLENGE})


def _unknown_key() -> ASGIApp:
    text = "This service does not know the key that was sent. Ask its operator for another one."
    challenge = f'{CHALLENGE}, error="invalid_token"'
    return _refusal(401, KEY_UNKNOWN, text, {"WWW-Authenticate": challenge})


def _refusal(status: int, reason: str, text: str, headers: Mapping[str, str]) -> ASGIApp:
    """The answer that tells why a request is refused, which is counted."""
    instruments().refused.labels(GATEWAY, REFUSED_WORK, reason).inc()
    return problem(status, AIPlayerError(text, code=reason), headers)
