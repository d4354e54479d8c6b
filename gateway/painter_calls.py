"""What a gateway asks of whoever paints: the thumbnail runner beside it, or a painter on another machine."""

from functools import partial
from typing import Any

from aiplayer.thumbnails.request import FinishedPicture, PictureWish
from gateway.runner_calls import RunnerCalls, SaysWhetherThere


class PainterCalls:
    """Calls to a painter.

    Args:
        painter: `runners.thumbnail.Thumbnail` as BentoML gives it to a gateway, or a `RemotePainter`.
        presence: Whether it is there.

    Attributes:
        pictures: Wishes -> pictures.
        shares: Wishes -> how much of each is painted, 0 to 1.
        times: Answers the seconds that a picture takes.
    """

    def __init__(self, painter: Any, presence: SaysWhetherThere) -> None:
        calls = partial(RunnerCalls, "thumbnail runner", presence)
        # What can be asked of it is known to BentoML from its first call on.
        self.pictures: RunnerCalls[PictureWish, FinishedPicture] = calls(
            "paint", lambda asked: painter.paint(asked), one_by_one=True
        )
        self.shares: RunnerCalls[PictureWish, float] = calls("shares", lambda asked: painter.shares(asked))
        self.times: RunnerCalls[None, float] = calls("picture_times", lambda asked: painter.picture_times(asked))
