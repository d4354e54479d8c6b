"""What every answer says to browsers and caches, whoever answers."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The service's own page loads nothing, and of JSON and pictures a browser needs nothing either.
CONTENT_SECURITY_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
READING_METHODS = frozenset({"GET", "HEAD"})


class SecurityHeaders:
    """Puts the headers on every answer, and takes away what tells the server's make.

    Args:
        app: What answers.
        private: Whether only some may read the answers, so that no cache keeps any.
    """

    def __init__(self, app: ASGIApp, private: bool = False):
        self.app = app
        self._private = private

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                headers.update(SECURITY_HEADERS)
                if self._private or scope["method"] not in READING_METHODS or message["status"] >= 400:
                    headers.setdefault("Cache-Control", "no-store")
                del headers["Server"]
                message["headers"] = headers.raw
            await send(message)

        await self.app(scope, receive, send_with_headers)
