"""When each song begins in the creator's video, by YouTube's rules for chapters.

YouTube's help, "Video Chapters" (support.google.com/youtube/answer/9884579), asks for a first time of 0:00, at least
three times in ascending order, and chapters of at least ten seconds; it drops the whole list where one of them fails.

So there are chapters for every song or for none. Behind a song of unknown duration no time would be true, and the last
chapter would go on over what is not its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import fsum

from aiplayer.playlist.exports.tracks import Track
from aiplayer.playlist.exports.wording import Language, say

FEWEST_CHAPTERS = 3
SHORTEST_CHAPTER_S = 10


class Lack(Enum):
    """Why there are no chapters; each value is the name of its text."""

    TOO_FEW = "too_few"
    TOO_SHORT = "too_short"
    UNKNOWN = "unknown"
    NO_ROOM = "no_room"


@dataclass(frozen=True)
class NoChapters:
    """Why a playlist has no chapters.

    Attributes:
        lack: What is in the way.
        least: How many songs, seconds or bytes YouTube sets as the bound.
        count: How many songs there are, or how many of them are at fault.
        positions: Which songs are at fault, from 1 on; empty where no single one is.
    """

    lack: Lack
    least: int
    count: int
    positions: tuple[int, ...] = ()

    def in_words(self, language: Language) -> str:
        """The reason for a person."""
        first = self.positions[0] if self.positions else None
        return say(self.lack.value, language, least=self.least, count=self.count, first=first)


def chapter_starts(tracks: Sequence[Track]) -> list[int] | NoChapters:
    """The second at which each song begins, where one follows the other without a pause.

    A start is the exact sum of the durations before it, rounded once: so an error never adds up.

    Args:
        tracks: The songs in the video's order.

    Returns:
        Whole seconds, the first 0, each at least SHORTEST_CHAPTER_S above the one before; or why there are none.
    """
    if len(tracks) < FEWEST_CHAPTERS:
        return NoChapters(Lack.TOO_FEW, FEWEST_CHAPTERS, len(tracks))

    durations_s = [track.duration_s for track in tracks if track.duration_s is not None]
    if len(durations_s) < len(tracks):
        unknown = tuple(number for number, track in enumerate(tracks, start=1) if track.duration_s is None)
        return NoChapters(Lack.UNKNOWN, len(tracks), len(unknown), unknown)

    short = tuple(number for number, seconds in enumerate(durations_s, start=1) if seconds < SHORTEST_CHAPTER_S)
    if short:
        return NoChapters(Lack.TOO_SHORT, SHORTEST_CHAPTER_S, len(short), short)
    return [round(fsum(durations_s[:position])) for position in range(len(durations_s))]
