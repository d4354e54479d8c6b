"""What a thumbnail model is asked and what it answers."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class PictureWish:
    """What to paint, what to leave out, and the seed of everything that the prompt leaves open.

    Attributes:
        prompt: What to paint, in English.
        negative_prompt: What to leave out.
        seed: The seed.
        named: What of the scene the title itself said, by attribute; only the PNG needs to know.
        title: What is written on the picture, None for nothing.
    """

    prompt: str
    negative_prompt: str
    seed: int
    named: dict[str, str | list[str]] = field(default_factory=dict)
    title: str | None = None


@dataclass(frozen=True)
class PaintedPicture:
    """A picture as the model paints it.

    Attributes:
        facts: The prompts, what of them was too much for the model, the model, how it is used, and the scene
            that the painter was asked for.
        picture: uint8 [height, width, 3] RGB.
    """

    facts: dict[str, str]
    picture: np.ndarray


@dataclass(frozen=True)
class FinishedPicture:
    """A picture that can be given away.

    Attributes:
        facts: What its PNG says of it.
        png: The PNG file, of at most 2 MB.
    """

    facts: dict[str, str]
    png: bytes
