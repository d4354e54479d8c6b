"""Pages of other origins that may ask the service from a browser."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from aiplayer.errors import AIPlayerError
from gateway.errors import problem
from gateway.exposure.clients import HEADER as CLIENT_HEADER
from gateway.exposure.keys import KEY_HEADER
from gateway.patience import HEADER as TIMEOUT_HEADER

METHODS = ("GET", "HEAD", "POST", "DELETE")
SENT_HEADERS = ("Authorization", CLIENT_HEADER, KEY_HEADER, TIMEOUT_HEADER, "X-Request-Id")
SHOWN_HEADERS = ("Retry-After", "X-Model-Set", "X-Request-Id")


class Cors(CORSMiddleware):
    """Starlette's, whose refusals have the one shape of errors.

    Args:
        app: What answers.
        origins: Such as `https://player.example`; `*` for all.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]):
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=SENT_HEADERS,
            expose_headers=SHOWN_HEADERS,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """What a browser is told before it sends a page's request."""
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            return response

        text = "A page of this origin may not ask in this way. The service's setting cors_origins lists the origins."
        headers = {"Vary": response.headers["Vary"]}
        return problem(response.status_code, AIPlayerError(text, code="cors_refused"), headers)
