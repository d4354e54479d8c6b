"""A tiny service that answers as a test wants, for what sends requests to a service."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def tiny_service(**handlers: Handler) -> AsyncIterator[str]:
    """The URL of a service on a loopback port.

    Args:
        handlers: What answers POST, by the path without its slash.
    """
    app = web.Application()
    for path, handler in handlers.items():
        app.router.add_post(f"/{path}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def playlists(*ids: int) -> dict:
    """An answer of POST /similar, each playlist with one song."""
    return {"playlists": [{"playlist_id": number, "songs": [{"song_id": number}]} for number in ids]}


def songs(*ids: int) -> dict:
    """An answer of POST /recommend."""
    return {"generation_id": "g", "songs": [{"song_id": number} for number in ids]}


async def answer_similar(request: web.Request) -> web.Response:
    """Three playlists, always the same."""
    return web.json_response(playlists(1, 2, 3))


async def answer_recommend(request: web.Request) -> web.Response:
    """As many songs as are asked for."""
    body = await request.json()
    return web.json_response(songs(*range(body.get("song_count", 20))))
