"""What a runner is told of the request that waits for an item."""

from aiplayer.batching import Ticket
from aiplayer.telemetry.requests import current_request_id
from aiplayer.telemetry.tracing import current_traceparent
from gateway.patience import patience_s


def ticket() -> Ticket:
    """How long the caller of the request that is being answered here still waits, its id, and its span."""
    return Ticket(patience_s(), current_request_id(), current_traceparent())
