"""BentoML's limit of the time until an answer begins, with a timer that ends with the request.

BentoML's own timer goes on when the answer has been sent, and holds what BentoML knows of the request, some four
kilobytes, until the time is up. The gateway's time is an hour: at 20 requests a second that would be 300 MB.
"""

import asyncio

from bentoml._internal.server.http import traffic
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.leaving import EndWithCaller


class TimeLimit(traffic.TimeoutMiddleware):
    """Answers 504 where no answer has begun within `timeout` seconds, and ends a request with its caller."""

    def __init__(self, app: ASGIApp, timeout: float) -> None:
        super().__init__(EndWithCaller(app), timeout)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return

        limit = asyncio.timeout(self.timeout)

        async def send_in_time(message: Message) -> None:
            limit.reschedule(None)
            await send(message)

        try:
            async with limit:
                await self.app(scope, receive, send_in_time)
        except TimeoutError:
            if not limit.expired():
                raise
            late = JSONResponse({"error": f"There was no answer within {self.timeout:g} s."}, status_code=504)
            await late(scope, receive, send)


def install_time_limit() -> None:
    """Let every service of this process, the gateway or a runner, use it in place of BentoML's own."""
    traffic.TimeoutMiddleware = TimeLimit
