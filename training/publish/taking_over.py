"""How a set takes the place of the one in use: at the next start, or at once where `make up` runs."""

from collections.abc import Callable
from typing import NamedTuple

from aiplayer.errors import InvalidInput
from aiplayer.promotion import LONGEST_WATCH_S, PromotionRequest, ask, running
from training.publish.manifest import SetManifest

# Puts a set into use, and calls what writes down that it is production.
TakeOver = Callable[[SetManifest, Callable[[], None]], None]


class Canary(NamedTuple):
    """How carefully a set takes over.

    Attributes:
        percent: The share of callers whom it answers at first.
        watch_s: For how long its answers are watched, in seconds.
    """

    percent: float
    watch_s: float


AT_ONCE = Canary(0, 0)


def at_next_start(manifest: SetManifest, write_down: Callable[[], None]) -> None:
    """Only write it down."""
    write_down()


def in_running_services(database: str, canary: Canary, tell: Callable[[str], None]) -> TakeOver:
    """Have every `make up` of a database serve the set; where none runs, only write it down.

    Args:
        database: The database's key.
        canary: How carefully.
        tell: Called with what they do.

    Raises:
        InvalidInput: it cannot be done so carefully.
    """
    if not 0 <= canary.percent <= 100:
        raise InvalidInput(f"{canary.percent:g} is no share of the callers. Give 0 to 100 percent.", field="canary")
    if not 0 <= canary.watch_s <= LONGEST_WATCH_S:
        raise InvalidInput(
            f"{canary.watch_s:g} s is no time to watch a set. Give 0 to {LONGEST_WATCH_S:,} s.", field="watch"
        )

    def take_over(manifest: SetManifest, write_down: Callable[[], None]) -> None:
        pinned = manifest.pinned
        request = PromotionRequest(
            name=manifest.name,
            models=pinned.models,
            diffusion_weights=pinned.diffusion_weights,
            canary_percent=canary.percent,
            watch_s=canary.watch_s,
        )
        ask(running(database), request, tell, write_down)

    return take_over
