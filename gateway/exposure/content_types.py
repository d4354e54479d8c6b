"""JSON is all that anybody may send: no form, no file, and no pickle, which BentoML would run."""

import re

from starlette.types import ASGIApp, Receive, Scope, Send

from aiplayer.errors import AIPlayerError
from gateway.errors import problem

JSON_TYPE = "application/json"
JSON_IN_UTF8 = re.compile(r'application/json[ \t]*(;[ \t]*(charset=("utf-8"|utf-8))?[ \t]*)?', re.IGNORECASE)
WRITING_METHODS = frozenset({"PATCH", "POST", "PUT"})
LONGEST_ECHO = 60


class JSONOnly:
    """Refuses every request with a body of another type than JSON in UTF-8, whatever its path.

    Args:
        app: What serves the others.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        types = [value.decode("latin-1") for name, value in scope["headers"] if name == b"content-type"]
        expects_type = has_body(scope) or (types and scope["method"] in WRITING_METHODS)
        if expects_type and not (len(types) == 1 and is_json(types[0])):
            await _unsupported(types)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def has_body(scope: Scope) -> bool:
    """Whether a request announces a body."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )


def is_json(content_type: str) -> bool:
    """Whether a Content-Type is that of JSON, in UTF-8 as far as it says.

    Args:
        content_type: The header's value, such as `application/json; charset=utf-8`.
    """
    return JSON_IN_UTF8.fullmatch(content_type) is not None


def _unsupported(types: list[str]) -> ASGIApp:
    given = ascii(", ".join(types)[:LONGEST_ECHO]) if types else "missing"
    text = f"Content-Type is {given}. Send JSON in UTF-8, with `Content-Type: {JSON_TYPE}`."
    return problem(415, AIPlayerError(text, code="unsupported_media_type"))
