"""What every process of the service does once, when it has begun."""

from aiplayer.model_set import model_set
from aiplayer.settings import Settings
from aiplayer.telemetry.instruments import instruments


def begin_telemetry(settings: Settings) -> None:
    """Tell /metrics which models this process uses.

    Args:
        settings: The settings.
    """
    instruments().model_set.labels(*model_set(settings)).set(1)
