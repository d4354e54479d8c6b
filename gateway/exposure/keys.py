"""The keys of clients: what a request has sent, whose it is, and how /docs.json says that one is needed."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from starlette.types import Scope

from aiplayer.exposure import ApiKey

KEY_HEADER = "X-API-Key"
BEARER = b"bearer "
SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "header": {"type": "apiKey", "in": "header", "name": KEY_HEADER},
}


class KeyRing:
    """All keys that a service knows.

    Args:
        keys: The operator's.
    """

    def __init__(self, keys: Sequence[ApiKey]):
        self._keys = [(key.digest, key) for key in keys]

    def find(self, sent: bytes) -> ApiKey | None:
        """The key that was sent, None where it is nobody's.

        Every key is compared, each in the same time, so how long this takes says nothing of them.
        """
        digest = hashlib.sha256(sent).digest()
        found = None
        for known_digest, key in self._keys:
            if hmac.compare_digest(digest, known_digest):
                found = key
        return found


def sent_key(scope: Scope) -> bytes | None:
    """What a request has sent as `Authorization: Bearer KEY`, else as `X-API-Key: KEY`; None where it sent neither."""
    # Of several headers of one name the first counts.
    headers = dict(reversed(scope["headers"]))
    authorization = headers.get(b"authorization", b"")
    if authorization[: len(BEARER)].lower() == BEARER:
        return authorization[len(BEARER) :].strip()
    return headers.get(KEY_HEADER.lower().encode())


def declare_keys(app: FastAPI) -> None:
    """Say in /docs.json that a request needs a key; after all routes are added."""
    make_schema = app.openapi

    def schema_with_keys() -> dict[str, Any]:
        schema = make_schema()
        schema.setdefault("components", {})["securitySchemes"] = SECURITY_SCHEMES
        schema["security"] = [{name: []} for name in SECURITY_SCHEMES]
        return schema

    app.openapi = schema_with_keys  # type: ignore[method-assign]
