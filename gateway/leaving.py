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

        async def receive_and_note() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                is_read.set()
            return message

        async def answer() -> None:
            await self.app(scope, receive_and_note, send)

        async def wait_for_the_end() -> None:
            # Until the whole body has come, every message belongs to the app.
            await is_read.wait()
            while (await receive())["type"] != "http.disconnect":
                pass

        try:
            async with asyncio.TaskGroup() as both:
                answering = both.create_task(answer())
                leaving = both.create_task(wait_for_the_end())
                # Whichever ends first ends the other.
                answering.add_done_callback(lambda _: leaving.cancel())
                leaving.add_done_callback(lambda _: answering.cancel())
        except BaseExceptionGroup as errors:
            # What the app raises is told as the app raised it.
            raise errors.exceptions[0] from None
