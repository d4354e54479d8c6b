"""What there is to compute on beside the processor: the cards (GPUs) of this machine, and what our libraries can use.

Importing this imports neither TensorFlow nor torch. Where there is no card nothing else is asked.
"""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Self

VISIBLE = "CUDA_VISIBLE_DEVICES"
HIDE_ALL = "-1"
# A card is a file here; on WSL all cards are the one file `dxg`.
DEVICES = Path("/dev")
DEVICE_FILES = ("nvidia[0-9]*", "dxg")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Card:
    """A card that this process may use.

    Attributes:
        name: What CUDA_VISIBLE_DEVICES calls it: its number, or its UUID.
        model: What its maker calls it.
        memory_bytes: All of its memory.
    """

    name: str
    model: str
    memory_bytes: int


@dataclass(frozen=True)
class Machine:
    """What there is to compute on.

    Attributes:
        cards: The cards that may be used.
        tensorflow_lacks: Why TensorFlow computes on no card; "" where it may.
        torch_lacks: The same of PyTorch.
    """

    cards: tuple[Card, ...] = ()
    tensorflow_lacks: str = ""
    torch_lacks: str = ""

    @classmethod
    def here(cls) -> Self:
        """This machine, as far as the environment shows it."""
        cards = visible_cards(os.environ)
        return cls(tuple(cards), _tensorflow_lacks(), _torch_lacks()) if cards else cls()


def visible_cards(
    environment: Mapping[str, str], read: Callable[[Sequence[str] | None], list[Card]] | None = None
) -> list[Card]:
    """The cards that a process with this environment may use.

    Args:
        environment: May have CUDA_VISIBLE_DEVICES.
        read: Describes the cards of these names, up to the first that there is not; None for all. Default: the driver.
    """
    read = read or read_cards
    shown = environment.get(VISIBLE)
    if shown is None:
        return read(None)

    names = []
    for name in shown.split(","):
        # CUDA hides what stands behind a name that is none.
        if name.strip() in ("", HIDE_ALL):
            break
        names.append(name.strip())
    return read(names) if names else []


def read_cards(names: Sequence[str] | None, devices: Path = DEVICES) -> list[Card]:
    """What the driver tells of cards, counted as nvidia-smi counts them.

    Args:
        names: Numbers or UUIDs; None for all cards. What stands behind the first that there is not is left out.
        devices: The folder in which cards are files; without any the driver is not asked.
    """
    if not any(file for pattern in DEVICE_FILES for file in devices.glob(pattern)):
        return []

    import pynvml

    cards: list[Card] = []
    try:
        pynvml.nvmlInit()
        all_names = [str(number) for number in range(pynvml.nvmlDeviceGetCount())]
        for name in all_names if names is None else names:
            cards.append(_card(name, pynvml))
    except pynvml.NVMLError as error:
        logger.warning("cards that can be used: %d. Of the next one the driver says: %s", len(cards), error)
    return cards


def _card(name: str, driver: Any) -> Card:
    """The card of a name.

    Args:
        name: Its number or UUID.
        driver: The module `pynvml`.
    """
    handle = (
        driver.nvmlDeviceGetHandleByIndex(int(name)) if name.isdecimal() else driver.nvmlDeviceGetHandleByUUID(name)
    )
    return Card(name, driver.nvmlDeviceGetName(handle), int(driver.nvmlDeviceGetMemoryInfo(handle).total))


def _tensorflow_lacks() -> str:
    # The build without CUDA is a package of another name.
    try:
        metadata.version("tensorflow")
    except metadata.PackageNotFoundError:
        return "TensorFlow is installed without CUDA"
    return ""


def _torch_lacks() -> str:
    try:
        version = metadata.version("torch")
    except metadata.PackageNotFoundError:
        return "PyTorch is not installed"
    return "PyTorch is installed without CUDA" if version.endswith("+cpu") else ""
