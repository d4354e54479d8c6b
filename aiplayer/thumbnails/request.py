"""What a thumbnail model is asked and what it answers."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

import numpy as np
from pydantic import ConfigDict, WithJsonSchema

from aiplayer.errors import AIPlayerError, NotPainted


@dataclass(frozen=True)
class PictureWish:
    """What to paint, what to leave out, and the seed of everything that the prompt leaves open.

    Attributes:
        prompt: What to paint, in English.
        negative_prompt: What to leave out.
        seed: The seed.
        named: What of the scene the title itself said, by attribute; only the PNG needs to know.
    """

    prompt: str
    negative_prompt: str
    seed: int
    named: dict[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class PaintedPicture:
    """A picture with what its PNG says of it, or the reason why there is none.

    Attributes:
        facts: The prompts, what of them was too much for the model, the model, how it is used, and the scene
            that the painter was asked for.
        picture: uint8 [height, width, 3] RGB; None where the wish could not be painted.
        refusal: Why it could not be painted; None where it was.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(arbitrary_types_allowed=True)

    facts: dict[str, str]
    picture: Annotated[np.ndarray, WithJsonSchema({"type": "array"})] | None = None
    refusal: Annotated[AIPlayerError, WithJsonSchema({"type": "object"})] | None = None

    def required(self) -> np.ndarray:
        """The picture, uint8 [height, width, 3] RGB.

        Raises:
            AIPlayerError: it could not be painted; the refusal says why.
        """
        if self.picture is None:
            raise self.refusal or NotPainted("The picture was not painted. Ask again.")
        return self.picture
