"""Where each model computes: on the processor or on a card (a GPU), and with how much of its memory.

A runner decides before it imports TensorFlow or torch, for both see only the cards that CUDA_VISIBLE_DEVICES shows them
then. Importing this imports neither.
"""

import os
from collections.abc import MutableMapping
from dataclasses import dataclass
from enum import StrEnum

from aiplayer.cards import HIDE_ALL, VISIBLE, Card, Machine
from aiplayer.errors import InvalidInput
from aiplayer.settings import Settings

# The most of a card's memory for the one part that has it; the rest is for what CUDA itself holds.
ALONE = 0.9


class Part(StrEnum):
    """What has a model; the first one gets the first card."""

    THUMBNAILS = "thumbnails"
    RECOMMENDER = "recommender"
    TITLE_ENCODER = "title encoder"


# The most of a card's memory where parts share it; of the recommender for all of its processes.
SHARES = {Part.THUMBNAILS: 0.65, Part.RECOMMENDER: 0.15, Part.TITLE_ENCODER: 0.1}


@dataclass(frozen=True)
class Placement:
    """Where a part computes.

    Attributes:
        part: The part.
        card: Its card; None for the processor.
        number: Which of the visible cards that is.
        memory_share: The most of its memory for one process of the part.
        reason: Why the part is not on a card although there is one; "" where nobody would ask.
        is_required: Whether the settings want it on its card and nowhere else.
    """

    part: Part
    card: Card | None = None
    number: int = 0
    memory_share: float = 0.0
    reason: str = ""
    is_required: bool = False

    @property
    def device(self) -> str:
        """ "cpu" or "cuda", as torch calls it."""
        return "cuda" if self.card else "cpu"

    @property
    def memory_limit_mb(self) -> int:
        """The most memory of the card for this process, in units of 2^20 bytes."""
        return int(self.memory_share * self.card.memory_bytes) // 2**20 if self.card else 0

    @property
    def words(self) -> str:
        """It for a person: "recommender on cuda:0 (NVIDIA L4), up to 15% of its memory"."""
        if self.card:
            share = f"up to {100 * self.memory_share:.3g}% of its memory"
            return f"{self.part} on cuda:{self.number} ({self.card.model}), {share}"
        return f"{self.part} on the CPU" + (f": {self.reason}" if self.reason else "")

    def refused(self, reason: str) -> "Placement":
        """The processor in place of the card, for a reason.

        Raises:
            InvalidInput: the settings want the part on its card and nowhere else.
        """
        if self.is_required:
            raise InvalidInput(
                f"AIPLAYER_DEVICE is cuda, and {self.part} cannot use the card: {reason}. Install tensorflow[and-cuda] "
                "in place of tensorflow-cpu, or set AIPLAYER_DEVICE=auto.",
                field="AIPLAYER_DEVICE",
            )
        return Placement(self.part, reason=reason)


def place(part: Part, settings: Settings, machine: Machine, model_needs_none: str = "") -> Placement:
    """Where a part computes.

    Of several cards each part gets its own, in the order of `Part`, and the last card is shared by those that are left;
    one card is shared by all.

    Args:
        part: The part.
        settings: Say what is wanted.
        machine: What there is.
        model_needs_none: Why the model of this part is better off on the processor; "" where it is not.

    Raises:
        InvalidInput: the settings want a card, and there is none, or TensorFlow cannot use it.
    """
    if settings.device == "cpu":
        return Placement(part)
    if not machine.cards:
        if settings.device == "cuda":
            raise InvalidInput(
                f"AIPLAYER_DEVICE is cuda, and no card is visible. Look at nvidia-smi and at {VISIBLE}, or set "
                "AIPLAYER_DEVICE=auto.",
                field="AIPLAYER_DEVICE",
            )
        return Placement(part)

    needs_none = model_needs_none or _needs_none(part, settings)
    if needs_none:
        return Placement(part, reason=needs_none)

    number, share = _room_for(part, settings, machine)
    # The usual title encoder is as fast without a card, and TensorFlow with CUDA leaves PyTorch no room.
    is_required = settings.device == "cuda" and part is not Part.TITLE_ENCODER
    placement = Placement(part, machine.cards[number], number, share, is_required=is_required)

    lacks = _lacks(part, machine)
    return placement.refused(lacks) if lacks else placement


def settle(part: Part, settings: Settings, model_needs_none: str = "") -> Placement:
    """Give this process its place on this machine; before TensorFlow or torch is imported, and the model is loaded.

    Args:
        part: What it computes.
        settings: Say what is wanted.
        model_needs_none: Why the model is better off on the processor; "" where it is not.

    Raises:
        InvalidInput: the settings want a card that the part cannot have.
    """
    placement = place(part, settings, Machine.here(), model_needs_none)
    claim(placement)
    return confine(placement)


def says_where(words: str) -> bool:
    """Whether these are the words of a placement."""
    return words.startswith(tuple(f"{part} on " for part in Part))


def claim(placement: Placement, environment: MutableMapping[str, str] = os.environ) -> None:
    """Show this process its card and no other one; before TensorFlow or torch is imported.

    Args:
        placement: Where its part computes.
        environment: The variables that are set.
    """
    environment[VISIBLE] = placement.card.name if placement.card else HIDE_ALL
    if placement.card:
        # CUDA would count the fastest first, and nvidia-smi does not.
        environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
        # Else TensorFlow takes all that it may have at once.
        environment["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"


def confine(placement: Placement) -> Placement:
    """Keep this process to its share of the card's memory; after `claim`, before its model is loaded.

    Returns:
        The placement, or the processor where the library of the part does not see the card.

    Raises:
        InvalidInput: it does not, and the settings want it there and nowhere else.
    """
    if placement.card is None:
        return placement
    return _confine_torch(placement) if placement.part is Part.TITLE_ENCODER else _confine_tensorflow(placement)


def _room_for(part: Part, settings: Settings, machine: Machine) -> tuple[int, float]:
    """The number of a part's card, and the most of its memory for one process of the part."""
    last = len(machine.cards) - 1
    numbers: dict[Part, int] = {}
    for other in Part:
        takes_one = not _needs_none(other, settings) and not _lacks(other, machine)
        if takes_one or other is part:
            numbers[other] = min(len(numbers), last)

    is_alone = list(numbers.values()).count(numbers[part]) == 1
    processes = settings.recommender_workers if part is Part.RECOMMENDER else 1
    return numbers[part], (ALONE if is_alone else SHARES[part]) / processes


def _needs_none(part: Part, settings: Settings) -> str:
    """Why a part needs no card with these settings; "" where it does."""
    if part is not Part.THUMBNAILS:
        return ""
    if settings.painter_url:
        return "another machine paints"
    return "" if settings.diffusion_weights else "the scene painter needs no card"


def _lacks(part: Part, machine: Machine) -> str:
    """Why the library of a part computes on no card; "" where it may."""
    return machine.torch_lacks if part is Part.TITLE_ENCODER else machine.tensorflow_lacks


def _confine_tensorflow(placement: Placement) -> Placement:
    import tensorflow as tf

    seen = tf.config.list_physical_devices("GPU")
    if not seen:
        return placement.refused("TensorFlow sees no card, and the log says why")
    limit = tf.config.LogicalDeviceConfiguration(memory_limit=placement.memory_limit_mb)
    tf.config.set_logical_device_configuration(seen[0], [limit])
    return placement


def _confine_torch(placement: Placement) -> Placement:
    import torch

    if not torch.cuda.is_available():
        return placement.refused("PyTorch sees no card")
    torch.cuda.set_per_process_memory_fraction(placement.memory_share)
    # Convolutions would be rounded to 10 bits, and the titles of the index were embedded in float32.
    torch.backends.cudnn.allow_tf32 = False
    return placement
