"""What nobody waits for any more is ended: a request ends when its caller hangs up."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class EndWithCaller:
    """Cancels a request whose connection is closed before it is answered.

    A server tells of a closed connection only where somebody listens, and while a model computes nobody does. A runner
    is asked over a connection of its own, which closes with the request, so that it learns of it in the same way.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        is_read = asyncio.Event()
        request = asyncio.current_task()
        assert request is not None
        has_left = False

        async def receive_and_note() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                is_read.set()
            return message

        async def end_with_caller() -> None:
            nonlocal has_left
            # Until the whole body has come, every message belongs to the app.
            await is_read.wait()
            while (await receive())["type"] != "http.disconnect":
                pass
            has_left = True
            request.cancel()

        waiting = asyncio.create_task(end_with_caller())
        try:
            await self.app(scope, receive_and_note, send)
        except asyncio.CancelledError:
            if not has_left or request.uncancel():
                raise
        finally:
            waiting.cancel()
