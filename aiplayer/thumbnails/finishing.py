"""From painted pictures to PNG files, with the title on them where it is wanted."""

import io

import numpy as np
from PIL import Image

from aiplayer.thumbnails.overlay import lay_title
from aiplayer.thumbnails.pictures import to_png
from aiplayer.thumbnails.request import FinishedPicture, PaintedPicture


def finish(painted: PaintedPicture, seed: int) -> FinishedPicture:
    """The PNG of a picture that was painted with a seed."""
    facts = painted.facts | {"seed": str(seed)}
    return FinishedPicture(facts, to_png(painted.picture, facts))


def with_title(finished: FinishedPicture, title: str) -> FinishedPicture:
    """A finished picture with a title on it."""
    picture = np.asarray(Image.open(io.BytesIO(finished.png)).convert("RGB"))
    return FinishedPicture(finished.facts, to_png(lay_title(picture, title), finished.facts))
