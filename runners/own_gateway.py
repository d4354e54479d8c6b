"""A runner answers its own gateway and nobody else.

Runners believe what they are sent, which is pickles. They listen on Unix sockets that nobody else may open, but on WSL,
and with BENTOML_NO_UDS, on TCP ports that every program of the machine can reach. So each run of the service draws a
token: the process that starts gateway and runners hands it to both in an environment variable, and the gateway sends it
with every request.
"""

import hmac
import os
import secrets
from typing import Any

from _bentoml_impl.client import RemoteProxy
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from aiplayer.errors import AIPlayerError

TOKEN_VARIABLE = "AIPLAYER_RUNNER_TOKEN"
TOKEN_HEADER = "X-Runner-Token"


def run_token() -> str:
    """The token of this run; the first process of a run draws it, and those that it starts inherit it."""
    if not os.environ.get(TOKEN_VARIABLE):
        os.environ[TOKEN_VARIABLE] = secrets.token_urlsafe(32)
    return os.environ[TOKEN_VARIABLE]


def guard_runners(*runners: Any) -> None:
    """Let runners answer only who has the run's token.

    Args:
        runners: What `bentoml.service` has made of them.
    """
    for runner in runners:
        runner.add_asgi_middleware(OwnGateway, token=run_token())


def introduce_gateway(*runners: Any) -> None:
    """Have the token sent with every request to runners, each over a connection of its own; before the first one.

    A connection that stays would belong to one of a runner's processes for good. A new one goes to a process that has
    time for it, and costs a twentieth of a millisecond, for a whole batch.

    Args:
        runners: What `bentoml.depends` gives to a service: a client, or where all is one process the runner itself.
    """
    for runner in runners:
        if isinstance(runner, RemoteProxy):
            runner.to_async.default_headers.update({TOKEN_HEADER: run_token(), "Connection": "close"})


class OwnGateway:
    """Refuses every request without the token, before its body is read.

    Args:
        app: The runner.
        token: What its gateway sends.
    """

    def __init__(self, app: ASGIApp, token: str):
        self.app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan" or self._is_from_gateway(scope):
            await self.app(scope, receive, send)
            return

        error = AIPlayerError("A runner answers its own gateway alone.", code="not_the_gateway")
        await JSONResponse({"error": error.as_dict()}, status_code=403)(scope, receive, send)

    def _is_from_gateway(self, scope: Scope) -> bool:
        if scope["type"] != "http":
            return False
        headers = dict(scope["headers"])
        return hmac.compare_digest(headers.get(TOKEN_HEADER.lower().encode(), b""), self._token)
