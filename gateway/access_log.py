"""BentoML's log of requests, without what a caller could put into it.

BentoML's own lines hold the caller's address and whatever it sent as its content type, and where that is no UTF-8 the
answer breaks off.
"""

import logging

from bentoml._internal.server.http import access
from starlette.types import ASGIApp, Receive, Scope, Send

LONGEST_PATH = 100


class AccessLog(access.AccessLogMiddleware):
    """Logs method, path, status, sizes and time of each request; no query, address or header of the caller.

    Args:
        app: What answers.
        options: BentoML's.
    """

    def __init__(self, app: ASGIApp, **options: object) -> None:
        super().__init__(self._serve, **{**options, "has_request_content_type": False})
        self._served = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._served(scope, receive, send)
            return

        path = scope["path"]
        shown = {
            "type": "http",
            "scheme": scope["scheme"],
            "method": scope["method"],
            "path": path if len(path) <= LONGEST_PATH else f"{path[:LONGEST_PATH]}…",
            "headers": [header for header in scope["headers"] if header[0] == access.CONTENT_LENGTH],
        }
        await super().__call__({**shown, "scope": scope}, receive, send)

    async def _serve(self, shown: Scope, receive: Receive, send: Send) -> None:
        await self._served(shown["scope"], receive, send)


def install_access_log() -> None:
    """Let every service of this process, the gateway or a runner, use it in place of BentoML's own."""
    access.AccessLogMiddleware = AccessLog
    # uvicorn has one as well, with queries; BentoML shows it where it is started with --debug.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
