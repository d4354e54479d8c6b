"""What every process of the service does once, when it has begun."""

from aiplayer.model_set import model_set
from aiplayer.settings import Settings
from aiplayer.telemetry.instruments import instruments
from aiplayer.telemetry.tracing import start_tracing


def begin_telemetry(settings: Settings, service: str) -> None:
    """Tell /metrics which models this process uses, and send its traces where the settings say.

    Args:
        settings: The settings.
        service: What traces call this process.
    """
    instruments().model_set.labels(*model_set(settings)).set(1)
    start_tracing(settings.otlp_endpoint, settings.trace_share, service)
