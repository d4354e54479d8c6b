"""Whose feedback it is: a digest that is equal for one client during one day, and that nobody turns back.

It is made with a secret of that day, which is removed the day after. Neither it nor what it is made of is ever logged.
"""

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime

from starlette.datastructures import Headers
from starlette.types import Scope

from aiplayer.exposure import ApiKey
from gateway.exposure.callers import caller_of, is_of_this_machine
from gateway.exposure.keys import KeyRing, sent_key

# With which a caller tells its own clients apart, as the page does its visitors.
HEADER = "X-Client-Id"
CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
DIGEST_LENGTH = 16


class Clients:
    """Tells clients apart.

    Args:
        keys: The operator's.
        secret_of: The secret of a day.
    """

    def __init__(self, keys: Sequence[ApiKey], secret_of: Callable[[date], Awaitable[bytes]]) -> None:
        self._keys = KeyRing(keys)
        self._needs_key = bool(keys)
        self._secret_of = secret_of
        self._newest: tuple[date, bytes] | None = None

    async def digest(self, scope: Scope) -> str:
        """The digest of whoever sends a request, 16 hexadecimal digits."""
        sent = sent_key(scope)
        key = self._keys.find(sent) if sent is not None else None
        parts = [caller_of(scope, key)]

        # Strangers could pass for as many clients as they like.
        is_believed = key is not None if self._needs_key else is_of_this_machine(scope)
        own_id = Headers(scope=scope).get(HEADER, "")
        if is_believed and CLIENT_ID.fullmatch(own_id):
            parts.append(own_id)

        secret = await self._secret(datetime.now(UTC).date())
        return hmac.new(secret, " client ".join(parts).encode(), hashlib.sha256).hexdigest()[:DIGEST_LENGTH]

    async def _secret(self, today: date) -> bytes:
        """The secret of today, read once."""
        if self._newest is None or self._newest[0] != today:
            self._newest = (today, await self._secret_of(today))
        return self._newest[1]
