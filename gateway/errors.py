"""Every error of the HTTP service in one shape: `{"error": {"code", "message", "field"?}}`."""

import json
import logging
from collections.abc import Mapping

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError, SQLAlchemyError, TimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aiplayer.catalogue import is_outdated
from aiplayer.errors import AIPlayerError, InvalidInput, TooBusy, Unavailable
from aiplayer.telemetry.requests import note_error
from gateway.bodies import JSONRoute

logger = logging.getLogger(__name__)

CODES = {
    "missing": "missing_field",
    "extra_forbidden": "unknown_field",
    "value_error": "invalid_value",
}
HTTP_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    503: "not_ready",
    504: "too_slow",
}
LONGEST_ECHO = 60
# No connection, a lost one, none free in time; other errors of a database are not cured by waiting.
AWAY = (OperationalError, InterfaceError, InternalError, TimeoutError)


def install_error_handlers(app: FastAPI) -> None:
    """Answer bodies that cannot be read, validation errors, our own errors, HTTP errors and an absent database in the
    one shape; before any route is added.
    """
    app.router.route_class = JSONRoute
    app.exception_handler(RequestValidationError)(_answer_validation)
    app.exception_handler(AIPlayerError)(_answer_own)
    app.exception_handler(HTTPException)(_answer_http)
    app.exception_handler(SQLAlchemyError)(_answer_database)


def problem(status: int, error: AIPlayerError, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that tells `error`, with headers of its own where it needs them."""
    note_error(error.code)
    if isinstance(error, TooBusy):
        headers = {**(headers or {}), "Retry-After": str(error.retry_after_s)}
    return JSONResponse({"error": error.as_dict()}, status_code=status, headers=headers)


async def _answer_own(request: Request, error: AIPlayerError) -> Response:
    if error.status >= 500:
        logger.error("%s %s: %s", request.method, request.url.path, error.code, exc_info=error)
    return problem(error.status, error)


async def _answer_http(request: Request, error: HTTPException) -> Response:
    # A 400 is a body that could not be read (`gateway.bodies`).
    code = "malformed_json" if error.status_code == 400 else HTTP_CODES.get(error.status_code, "http_error")
    headers = error.headers
    if error.status_code == 405:
        headers = {"Allow": ", ".join(_methods(request, error))}
    return problem(error.status_code, AIPlayerError(str(error.detail), code=code), headers)


def _methods(request: Request, error: HTTPException) -> list[str]:
    """All methods of a path: the router tells those of one route that matches, and the schema knows the others."""
    told = dict(error.headers or {}).get("Allow", "")
    methods = {method.strip() for method in told.split(",")}

    for template, operations in request.app.openapi()["paths"].items():
        pattern, *_ = compile_path(template)
        if pattern.match(request.scope["path"]):
            methods |= {method.upper() for method in operations}
    return sorted(methods)


async def _answer_database(request: Request, error: SQLAlchemyError) -> Response:
    logger.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    if isinstance(error, DBAPIError) and is_outdated(error):
        text = "The database is of an older version. The operator brings it up to date with `make setup`."
        return problem(503, Unavailable(text, code="database_outdated"))
    if isinstance(error, AWAY):
        return problem(503, Unavailable("The database does not answer. Try again in a moment.", code="database_away"))
    return problem(500, AIPlayerError("The database could not do this. The operator finds the reason in the log."))


async def _answer_validation(request: Request, error: RequestValidationError) -> Response:
    """Tell the first fault: where it is, what was given, what is allowed."""
    fault = error.errors()[0]
    kind = fault["type"]
    path = [str(part) for part in fault["loc"][1:]]
    if not path and kind == "string_unicode":
        # A key that is no text has no place of its own; no field is called so.
        path, kind = [fault["input"]], "extra_forbidden"
    if not path:
        message = "The body must be a JSON object, sent with Content-Type: application/json."
        return problem(422, InvalidInput(message, code="wrong_type"))
    field = _printable(".".join(path))
    code = CODES.get(kind) or ("wrong_type" if kind.endswith(("_type", "_parsing")) else "invalid_value")
    allowed = fault["msg"].removeprefix("Value error, ")
    if kind == "missing":
        message = f"{field} is required."
    elif kind == "extra_forbidden":
        message = f"{field} is not a field of this request; /docs.json lists the fields."
    else:
        message = f"{field} is {_echo(fault['input'])}: {allowed[0].lower()}{allowed[1:]}."
    return problem(422, InvalidInput(message, code=code, field=field))


def _echo(value: object) -> str:
    """What was given: a list or an object by its kind, anything else as JSON, cut short."""
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return _cut(json.dumps(value, ensure_ascii=True, default=str))


def _printable(field: str) -> str:
    """A field's name, cut short, without halves of surrogate pairs, which no answer can hold."""
    return _cut(field.encode("utf-8", "backslashreplace").decode("utf-8"))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…"


class LimitBody:
    """Refuses request bodies over `max_bytes`, announced or not, before they fill the memory."""

    def __init__(self, app: ASGIApp, max_bytes: int):
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self.max_bytes:
            await self._refuse(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_bytes:
                raise HTTPException(413, self._explanation())
            return message

        await self.app(scope, counted, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        await problem(413, AIPlayerError(self._explanation(), code="body_too_large"))(scope, receive, send)

    def _explanation(self) -> str:
        return f"The body is too large; at most {self.max_bytes:,} bytes are read."
