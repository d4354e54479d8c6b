"""What is told of each request, outermost: its id, its line in the log, its span, and which models answer."""

import logging
import re
import secrets
from collections.abc import Mapping
from time import perf_counter

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aiplayer.telemetry import tracing
from aiplayer.telemetry.requests import RequestRecord, begin_request, end_request
from gateway.metrics import route_label, route_templates
from gateway.tally import TALLY

REQUEST_ID_HEADER, MODEL_SET_HEADER = b"x-request-id", b"x-model-set"
# Whatever else a caller sends is no id: it stands in logs, and comes back.
REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
MADE_ID_BYTES = 8
TRACE_HEADERS = (b"traceparent", b"tracestate")
CONTENT_TYPE, CONTENT_LENGTH = b"content-type", b"content-length"
MEDIA_TYPES = frozenset(
    {
        b"application/json",
        b"application/octet-stream",
        b"application/x-www-form-urlencoded",
        b"image/png",
        b"multipart/form-data",
        b"text/html",
        b"text/plain",
    }
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"
# What watches the service asks for these every few seconds.
WITHOUT_LINES = frozenset({"/metrics", "/healthz", "/livez", "/readyz"})

Headers = dict[bytes, bytes]

logger = logging.getLogger(__name__)


class Observed:
    """Gives every request an id, which its answer, its lines in the log and the runners' lines tell.

    Args:
        app: What answers.
        api: Its routes are what the log calls paths.
        model_set: The name of the set of models that answers (`aiplayer.model_set`).
    """

    def __init__(self, app: ASGIApp, api: FastAPI, model_set: str) -> None:
        self.app = app
        self._templates = route_templates(api)
        self._model_set = model_set.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        headers: Headers = dict(scope["headers"])
        method = scope["method"] if scope["method"] in METHODS else OTHER
        request = RequestRecord(request_id_of(headers), method, route_label(self._templates, scope["path"]))
        answer = _Answer(send, request, self._model_set)

        token = begin_request(request)
        span = tracing.begin_request_span(f"{method} {request.route}", _caller(headers), request.request_id)
        try:
            await self.app(scope, receive, answer.send)
        finally:
            if span is not None:
                _end_span(span, request)
            TALLY.count(request.route, request.status, request.error_code, perf_counter() - request.began)
            if request.route not in WITHOUT_LINES:
                _log(request, headers, answer)
            end_request(token)


class _Answer:
    """One answer on its way out, which says whose it is, and of which models.

    Args:
        send: ASGI.
        request: What is answered.
        model_set: The models' name.
    """

    __slots__ = ("_request", "_send", "_told", "body_bytes", "media_type")

    def __init__(self, send: Send, request: RequestRecord, model_set: bytes) -> None:
        self._send = send
        self._request = request
        self._told = ((REQUEST_ID_HEADER, request.request_id.encode()), (MODEL_SET_HEADER, model_set))
        self.media_type = b""
        self.body_bytes = 0

    async def send(self, message: Message) -> None:
        """Send a message of the app."""
        if message["type"] == "http.response.start":
            self._request.status = message["status"]
            headers = message.get("headers", ())
            self.media_type = dict(headers).get(CONTENT_TYPE, b"")
            message = {**message, "headers": [*headers, *self._told]}
        elif message["type"] == "http.response.body":
            self.body_bytes += len(message.get("body", b""))
        await self._send(message)


def request_id_of(headers: Headers) -> str:
    """The id that a caller has given to its request, or one that is made for it."""
    given = headers.get(REQUEST_ID_HEADER, b"")
    return given.decode() if REQUEST_ID.fullmatch(given) else secrets.token_hex(MADE_ID_BYTES)


def _caller(headers: Headers) -> dict[str, str]:
    """What of the headers says to which trace a request belongs."""
    return {name.decode(): headers[name].decode("latin-1") for name in TRACE_HEADERS if name in headers}


def _end_span(span: tracing.ActiveSpan, request: RequestRecord) -> None:
    facts: dict[str, str | int] = {
        "http.request.method": request.method,
        "http.route": request.route,
        "http.response.status_code": request.status,
    }
    span.span.set_attributes(facts)
    span.end(RuntimeError() if request.status >= 500 else None)


def _log(request: RequestRecord, headers: Headers, answer: _Answer) -> None:
    """The line of a request."""
    milliseconds = (perf_counter() - request.began) * 1000
    sent_bytes = headers.get(CONTENT_LENGTH, b"0")
    facts = {
        "method": request.method,
        "status": request.status,
        "code": request.error_code or None,
        "milliseconds": round(milliseconds, 3),
        "request_type": _media_type(headers.get(CONTENT_TYPE, b"")),
        "request_bytes": int(sent_bytes) if sent_bytes.isdigit() else None,
        "answer_type": _media_type(answer.media_type),
        "answer_bytes": answer.body_bytes,
    }
    outcome = f"{request.status} {request.error_code}" if request.error_code else request.status
    received, sent = _described(facts, "request"), _described(facts, "answer")
    logger.info(
        "%s %s %s in %.1f ms, %s in, %s out",
        request.method,
        request.route,
        outcome,
        milliseconds,
        received,
        sent,
        extra=facts,
    )


def _described(facts: Mapping[str, object], side: str) -> str:
    """What came in or went out, for a person: `application/json 53 bytes`."""
    media_type, size = facts[f"{side}_type"], facts[f"{side}_bytes"]
    parts = [media_type, "bytes of unknown number" if size is None else f"{size} bytes"]
    return " ".join(str(part) for part in parts if part)


def _media_type(content_type: bytes) -> str | None:
    """The media type without its parameters; None where there is none, `OTHER` for one that is not of ours."""
    media_type = content_type.partition(b";")[0].strip().lower()
    if not media_type:
        return None
    return media_type.decode() if media_type in MEDIA_TYPES else OTHER
