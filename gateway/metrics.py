"""What Prometheus reads: BentoML's own measurements of requests, labelled by route in place of by path.

BentoML labels by the path as it was sent. Paths with ids, and those that nobody serves, would each leave series behind
that stay in memory and in every answer of /metrics for as long as the service runs.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from bentoml._internal.configuration.containers import BentoMLContainer
from bentoml._internal.server.http.instruments import RunnerTrafficMetricsMiddleware
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from aiplayer.telemetry.requests import current_request
from gateway.processes import process_metrics

NAMESPACE = "bentoml_service"
# What the gateway gives to BentoML: its own measuring and its own /metrics are switched off.
MEASURED_BY_ROUTE = {"enabled": False, "namespace": NAMESPACE}
# What is served beside what /docs.json lists.
OPERATORS_PATHS = ("/", "/docs.json", "/healthz", "/livez", "/metrics", "/readyz")
OTHER_PATHS = "other"


class RouteMetrics:
    """Measures every request under the template of its route, which stands outside as `current_request().route`.

    Args:
        app: What is measured.
    """

    def __init__(self, app: ASGIApp):
        self.app = app
        self._measure = RunnerTrafficMetricsMiddleware(self._serve, namespace=NAMESPACE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        request = current_request()
        if request is None:
            await self.app(scope, receive, send)
            return

        # The instrument labels by this path; the app is given the scope as it came.
        await self._measure({"type": "http", "path": request.route, "scope": scope}, receive, send)

    async def _serve(self, labelled: Scope, receive: Receive, send: Send) -> None:
        await self.app(labelled["scope"], receive, send)


def route_templates(api: FastAPI) -> dict[str, re.Pattern[str]]:
    """The templates of all paths that are served, such as `/playlists/{playlist_id}`, with what matches them."""
    templates = [*OPERATORS_PATHS, *api.openapi()["paths"]]
    return {template: compile_path(template)[0] for template in templates}


def route_label(templates: Mapping[str, re.Pattern[str]], path: str) -> str:
    """The template that a path matches, whatever its method; `OTHER_PATHS` where none does."""
    for template, pattern in templates.items():
        if pattern.match(path):
            return template
    return OTHER_PATHS


def install_metrics(app: Starlette) -> None:
    """Serve what this process and all runners have measured, at `GET /metrics`."""
    app.add_route("/metrics", _metrics, include_in_schema=False)


def _metrics(request: Request) -> Response:
    """All of it as Prometheus' text; a plain function, so it is called in a thread."""
    client = BentoMLContainer.metrics_client.get()
    # First, for it removes what was left by processes that were killed.
    processes = process_metrics(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]))
    return Response(client.generate_latest() + processes, media_type=client.CONTENT_TYPE_LATEST)
