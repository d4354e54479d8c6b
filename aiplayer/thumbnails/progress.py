"""Between the thread that paints and those who wait: how much is painted, and whether anybody still waits for it."""

from collections.abc import Callable

# Called with the share that is done, 0 to 1; raises Stopped where nobody waits for the rest.
TellShare = Callable[[float], None]


class Stopped(Exception):
    """Nobody waits any more for what was being painted."""


class Progress:
    """How far one batch of pictures is. Any thread may read it and stop it, while another paints.

    Attributes:
        share: The share of the whole batch that is done, 0 to 1.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self._is_stopped = False

    def tell(self, share: float) -> None:
        """Note how much is done.

        Args:
            share: The share of the whole batch, 0 to 1.

        Raises:
            Stopped: nobody waits for the rest.
        """
        if self._is_stopped:
            raise Stopped
        self.share = share

    def stop(self) -> None:
        """Have whoever paints end, when it next tells how far it is."""
        self._is_stopped = True

    def of_part(self, begin: int, end: int, count: int) -> TellShare:
        """What tells the share of a part of the batch.

        Args:
            begin: The first picture of the part, counted from 0.
            end: The first picture behind it.
            count: The pictures of the whole batch.
        """

        def tell_share_of_part(share: float) -> None:
            self.tell((begin + share * (end - begin)) / count)

        return tell_share_of_part


def tell_nobody(share: float) -> None:
    """For those who do not wait."""
