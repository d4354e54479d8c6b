"""Where a runner's model computes: decided and told before anything of it is loaded."""

import logging

from aiplayer.devices import Part, Placement, settle
from aiplayer.settings import Settings
from aiplayer.starting import STARTING
from aiplayer.telemetry.instruments import instruments

logger = logging.getLogger(__name__)


def take_place(part: Part, settings: Settings, model_needs_none: str = "") -> Placement:
    """Settle where this process computes, and tell the log and /metrics.

    Args:
        part: The part whose runner this process is.
        settings: The settings.
        model_needs_none: Why its model is better off on the processor; "" where it is not.

    Raises:
        InvalidInput: the settings want a card that this part cannot have.
    """
    placement = settle(part, settings, model_needs_none)
    logger.info("%s%s", STARTING, placement.words)
    card = placement.card.model if placement.card else ""
    instruments().placed.labels(part.value, placement.device, card).set(1)
    return placement
