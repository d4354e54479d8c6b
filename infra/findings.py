"""What the checks of a card find: how it is judged, and what is left out where there is no card."""

from dataclasses import dataclass
from typing import Literal

from aiplayer.cards import Machine
from aiplayer.devices import Placement

Status = Literal["ok", "FAILED", "SKIPPED"]
NO_CARD = "there is no card"


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        what: What was looked at.
        status: How it did; SKIPPED for what needs a card where there is none.
        words: What was seen.
    """

    what: str
    status: Status
    words: str


def judged(what: str, is_good: bool, words: str) -> Finding:
    """What is good or has failed."""
    return Finding(what, "ok" if is_good else "FAILED", words)


def seen(library: str, count: int, machine: Machine) -> Finding:
    """Whether a library sees all cards."""
    if not machine.cards:
        return Finding(library, "SKIPPED", NO_CARD)
    return judged(library, count == len(machine.cards), f"sees {count} of {len(machine.cards)} cards")


def placed(placement: Placement) -> Finding:
    """Where there are cards this part has to be on one."""
    if not placement.card and not placement.reason:
        return Finding(placement.part, "SKIPPED", placement.words)
    return judged(placement.part, placement.card is not None, placement.words)


def on_the_card(what: str, devices: set[str], placement: Placement) -> Finding:
    """Whether all of it lies on the card."""
    words = f"on {', '.join(sorted(device.rpartition('device:')[2] for device in devices))}"
    if not placement.card:
        return Finding(what, "SKIPPED", words)
    return judged(what, all("GPU" in device or "cuda" in device for device in devices), words)


def memory(what: str, placement: Placement) -> Finding:
    """Whether this process kept to its share of the card's memory."""
    if not placement.card:
        return Finding(what, "SKIPPED", NO_CARD)

    import tensorflow as tf

    peak_mb = tf.config.experimental.get_memory_info("GPU:0")["peak"] / 2**20
    words = f"{peak_mb:,.0f} MiB at most, of {placement.memory_limit_mb:,} that are its share"
    return judged(what, peak_mb <= placement.memory_limit_mb, words)
