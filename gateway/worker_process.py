"""What every process of the service does first, the gateway's and the runners', for all of them import `service.py`."""

import logging
from typing import Any

from bentoml._internal.context import server_context
from opentelemetry.instrumentation import asgi
from starlette.types import ASGIApp

from aiplayer.settings import Settings
from aiplayer.telemetry.logs import configure_logs
from gateway.stopping import answer_last_requests


def prepare_process(settings: Settings) -> None:
    """Write logs in the form of the settings, leave BentoML's own spans out, and stop in good order.

    Args:
        settings: The settings.
    """
    answer_last_requests(settings.handover_base)
    asgi.OpenTelemetryMiddleware = _leave_out  # type: ignore[assignment, misc]
    # It writes addresses and queries; BentoML shows it where it is started with --debug.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    configure_logs(settings.log_format, settings.log_level, process_name)


def process_name() -> str:
    """What BentoML calls this process: `entry_service:ai_player:1`."""
    parts = (server_context.service_type, server_context.service_name, server_context.worker_index)
    return ":".join(str(part) for part in parts if part)


def _leave_out(app: ASGIApp, **_: Any) -> ASGIApp:
    """The app itself in place of BentoML's middleware of spans.

    It takes a tenth of a millisecond a request also where nothing is traced, and knows nothing of batches.
    """
    return app
