"""Reading the JSON of a request: UTF-8 and nothing else, and every fault in it told in one sentence."""

import codecs
import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

SEND_UTF8 = "Send JSON in UTF-8."


class JSONRoute(APIRoute):
    """A route whose requests read their JSON by `parse_json`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, given a `JSONRequest`."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await handler(JSONRequest(request.scope, request.receive))

        return handle


class JSONRequest(Request):
    """A request whose JSON is read by `parse_json`."""

    async def json(self) -> Any:
        """What the body says."""
        return parse_json(await self.body())


def parse_json(body: bytes) -> Any:
    """What a body says.

    Raises:
        HTTPException: 400, and why the body cannot be read.
    """
    if body.startswith(codecs.BOM_UTF8):
        raise HTTPException(400, "The body begins with a byte order mark. Send the same JSON without it.")
    if b"\0" in body:
        raise HTTPException(400, f"The body is not UTF-8: it holds zero bytes, as UTF-16 and UTF-32 do. {SEND_UTF8}")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"The body is not UTF-8: it cannot be read from byte {error.start} on. {SEND_UTF8}"
        raise HTTPException(400, message) from error

    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = f"The body is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        raise HTTPException(400, message) from error
    except RecursionError as error:
        raise HTTPException(400, "The body's lists and objects lie too deep in one another.") from error
    except ValueError as error:
        # Python reads no integer of more than 4,300 digits.
        raise HTTPException(400, "The body holds a number of too many digits.") from error
