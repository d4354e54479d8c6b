"""What a runner is told of the request that waits for an item."""

from aiplayer.batching import Ticket
from aiplayer.telemetry.requests import current_request_id
from gateway.patience import patience_s


def ticket() -> Ticket:
    """How long the caller of the request that is being answered here still waits, and its id."""
    return Ticket(patience_s(), current_request_id())
