"""The operator's port: what has been measured, at an address that the API's callers do not reach."""

import logging
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from aiplayer.errors import NotFound
from aiplayer.exposure import ExposureSettings
from gateway.error_shape import ErrorShape
from gateway.errors import problem
from gateway.exposure.headers import SecurityHeaders
from gateway.metrics import install_metrics

RETRY_S = 5.0
ANSWER_TIMEOUT_S = 30.0

logger = logging.getLogger(__name__)


def admin_app() -> ASGIApp:
    """What is served to the operator: `GET /metrics`, with the headers and the errors of the API."""
    app = Starlette(exception_handlers={404: _not_here})
    install_metrics(app)
    return SecurityHeaders(ErrorShape(app, ANSWER_TIMEOUT_S), private=True)


async def _not_here(request: Request, error: Exception) -> Response:
    return problem(404, NotFound("The operator's port serves /metrics and nothing else."))


def admin_lifespan(settings: ExposureSettings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What opens the operator's port, where there is one, for as long as a process of the gateway lives."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if not settings.admin_port:
            yield
            return

        port = AdminPort(admin_app(), settings.admin_host, settings.admin_port)
        port.open()
        try:
            yield
        finally:
            port.close()

    return lifespan


class AdminPort:
    """Serves an app from a thread, at a port that all processes of the gateway share.

    The kernel gives each connection to one of them, so the port is there while one of them lives. A thread answers also
    while the process computes.

    Args:
        app: What is served.
        host: The address to listen at.
        port: Its port.
    """

    def __init__(self, app: ASGIApp, host: str, port: int):
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._host, self._port = host, port
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="admin-port", daemon=True)

    def open(self) -> None:
        """Begin to serve; while another program has the port, try again and again."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._is_closing.set()
        self._server.should_exit = True
        self._thread.join()

    def _serve(self) -> None:
        listener = self._listen()
        if listener is not None:
            self._server.run(sockets=[listener])

    def _listen(self) -> socket.socket | None:
        """A socket at the port, None where it is closed before there is one."""
        is_told = False
        while not self._is_closing.is_set():
            try:
                return shared_socket(self._host, self._port)
            except OSError as error:
                if not is_told:
                    logger.error("admin_port %d cannot be opened: %s; it is tried again", self._port, error.strerror)
                    is_told = True
                self._is_closing.wait(RETRY_S)
        return None


def shared_socket(host: str, port: int) -> socket.socket:
    """A socket that listens where other processes of this user may listen as well.

    Raises:
        OSError: another program listens there, or this machine has no such address.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener
