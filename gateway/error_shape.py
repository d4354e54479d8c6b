"""Around the app and what BentoML serves: whatever is answered, or is not, leaves in the one shape of errors."""

import asyncio
import logging
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aiplayer.errors import AIPlayerError, InvalidInput, Unavailable
from gateway.errors import HTTP_CODES, problem
from gateway.patience import wait_at_most
from gateway.stopping import is_stopping

READINESS_PATH = "/readyz"
LONGEST_PATH = 100
STOPPED = Unavailable("The service is being stopped, and this took too long for it. Ask again.", code="service_stopped")

logger = logging.getLogger(__name__)


class ErrorShape:
    """Gives the one shape to what ends without it: what is answered outside the app, failures, and what takes too long.

    HEAD is answered as GET without its body, and OPTIONS by the methods of the path, whoever serves it.

    Args:
        app: What answers.
        timeout_s: The longest time until an answer begins, in seconds; a caller may ask for less.
        slow: The same for paths that begin so.
    """

    def __init__(self, app: ASGIApp, timeout_s: float, slow: Mapping[str, float] | None = None):
        self.app = app
        self.timeout_s = timeout_s
        self.slow = slow or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        # The server leaves out the body of an answer to HEAD.
        served = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        try:
            timeout_s = wait_at_most(scope, self._timeout_s(scope["path"]))
        except InvalidInput as error:
            await problem(error.status, error)(scope, receive, send)
            return
        limit = asyncio.timeout(timeout_s)
        answer = _Answer(scope, receive, send, limit)
        try:
            async with limit:
                await self.app(served, receive, answer.send)
        except asyncio.CancelledError:
            if not is_stopping():
                raise
            await answer.tell_stop()
        except Exception as error:
            if limit.expired():
                text = f"There was no answer within {timeout_s:g} s. Try again later."
                await answer.tell(504, Unavailable(text, code=HTTP_CODES[504]))
            else:
                await answer.tell_failure(error)

    def _timeout_s(self, path: str) -> float:
        for beginning, timeout_s in self.slow.items():
            if path.startswith(beginning):
                return timeout_s
        return self.timeout_s


class _Answer:
    """One answer on its way out, whose errors are put into the one shape.

    Args:
        scope: The request.
        receive: ASGI.
        send: ASGI.
        limit: Ends the request where no answer begins in time.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: asyncio.Timeout):
        self.scope, self.receive = scope, receive
        self._send, self._limit = send, limit
        self._is_started = self._is_replaced = False

    async def send(self, message: Message) -> None:
        """Send a message of the app, or in its place the error that it stands for."""
        if message["type"] == "http.response.start":
            self._is_started = True
            self._limit.reschedule(None)
            await self._replace(message["status"], Headers(raw=message["headers"]))
        if not self._is_replaced:
            await self._send(message)

    async def tell(self, status: int, error: AIPlayerError, headers: Mapping[str, str] | None = None) -> None:
        """Answer with an error."""
        await problem(status, error, headers)(self.scope, self.receive, self._send)

    async def tell_stop(self) -> None:
        """Answer that the service ends, unless an answer was begun."""
        if not self._is_started:
            await self.tell(503, STOPPED)

    async def tell_failure(self, error: Exception) -> None:
        """Answer with an error that nobody foresaw, and log it; once begun, an answer cannot be changed."""
        if self.scope["path"] == READINESS_PATH:
            logger.warning("a runner cannot be asked whether it is ready: %s", type(error).__name__)
        else:
            logger.error("%s %a failed", self.scope["method"], self.scope["path"], exc_info=error)

        if not self._is_started:
            await self._explain(500)
        elif not self._is_replaced:
            raise error

    async def _replace(self, status: int, headers: Headers) -> None:
        """Answer in place of the app, where what it answers is an error in another shape."""
        if status == 405:
            self._is_replaced = True
            allow = {"Allow": _allowed(headers.get("Allow", ""))}
            if self.scope["method"] == "OPTIONS":
                await Response(status_code=204, headers=allow)(self.scope, self.receive, self._send)
            else:
                await self._explain(status, allow)
        elif status >= 400 and not headers.get("Content-Type", "").startswith("application/json"):
            self._is_replaced = True
            await self._explain(status)

    async def _explain(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        """Answer with the error that stands for a status."""
        # BentoML fails where it cannot ask a runner whether it is ready.
        if self.scope["path"] == READINESS_PATH and status >= 500:
            status = 503
        await self.tell(status, _explained(status, self.scope), headers)


def _allowed(methods: str) -> str:
    """The methods of an Allow header, with those that every path of them has as well."""
    allowed = {method.strip() for method in methods.split(",") if method.strip()}
    if "GET" in allowed:
        allowed.add("HEAD")
    return ", ".join(sorted({*allowed, "OPTIONS"}))


def _explained(status: int, scope: Scope) -> AIPlayerError:
    """The error that stands for a status."""
    if status in (404, 405):
        path = scope["path"] if len(scope["path"]) <= LONGEST_PATH else f"{scope['path'][:LONGEST_PATH]}…"
        text = f"{scope['method']} {path} is not served here; /docs.json lists what is."
    elif status == 503:
        text = "Not all runners take requests. Try again in a moment."
    elif status >= 500:
        text = "The service failed at this. The operator finds the reason in the log."
    else:
        text = f"The request cannot be served: {HTTPStatus(status).phrase}."
    return AIPlayerError(text, code=HTTP_CODES.get(status, "internal_error" if status >= 500 else "http_error"))
