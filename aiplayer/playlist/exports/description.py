"""The text of a video's description on YouTube: title, hashtags, and the songs with their times."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiplayer.errors import InvalidInput
from aiplayer.playlist.exports.chapters import FEWEST_CHAPTERS, Lack, NoChapters, chapter_starts
from aiplayer.playlist.exports.clock import as_clock
from aiplayer.playlist.exports.hashtags import MOST_HASHTAGS, hashtags
from aiplayer.playlist.exports.plain_text import one_line
from aiplayer.playlist.exports.tracks import ExportedPlaylist, Track
from aiplayer.playlist.exports.wording import Language, say
from aiplayer.text import is_unseen

# YouTube takes a description of so many bytes, without angle brackets.
MAX_DESCRIPTION_BYTES = 5_000
REFUSED_BY_YOUTUBE = str.maketrans("<>", "‹›")
# A time in a name, such as 4:20, would be read as a chapter's; the sign of a ratio in place of its colon is not.
COLON_OF_TIME = re.compile(r"(?<=[0-9]):(?=[0-9]{2})")
RATIO = "\N{RATIO}"

Note = Callable[[int], str]


@dataclass(frozen=True)
class Description:
    """A description that YouTube takes.

    Attributes:
        text: Its lines, at most MAX_DESCRIPTION_BYTES in UTF-8.
        no_chapters: Why its songs have numbers in place of times; None where they have times.
        left_out: How many of the last songs it had no room for; its last line says so.
    """

    text: str
    no_chapters: NoChapters | None
    left_out: int


def description(playlist: ExportedPlaylist, language: Language) -> Description:
    """What to paste below a video: the title, the hashtags, and the songs, with chapters where all durations are known.

    Args:
        playlist: The songs in the video's order.
        language: Of the heading, and of the note where there is no room for all songs.

    Raises:
        InvalidInput: the title leaves no room for anything else.
    """
    head = _head(playlist, language)
    room_bytes = MAX_DESCRIPTION_BYTES - len(head.encode())
    starts = chapter_starts(playlist.tracks)
    if isinstance(starts, NoChapters):
        return _with_numbers(head, playlist.tracks, room_bytes, language, starts)

    names = map(_name, playlist.tracks)
    lines = [f"{as_clock(start)} {name}" for start, name in zip(starts, names, strict=True)]

    # The note has a time as well, or the last chapter would go on over the songs that are left out.
    def note(kept_count: int) -> str:
        return f"{as_clock(starts[kept_count])} {say('left_out', language, count=len(lines) - kept_count)}"

    kept = _keep_lines(lines, room_bytes, note)
    if len(kept) < FEWEST_CHAPTERS:
        no_room = NoChapters(Lack.NO_ROOM, MAX_DESCRIPTION_BYTES, len(lines))
        return _with_numbers(head, playlist.tracks, room_bytes, language, no_room)
    return Description(head + "\n".join(kept), None, _left_out(kept, lines))


def track_list(tracks: Sequence[Track], max_bytes: int = MAX_DESCRIPTION_BYTES) -> str:
    """The songs as plain text that YouTube takes as a description, one a line.

    Args:
        tracks: The songs.
        max_bytes: The most bytes of the text in UTF-8; the last songs give way to a line that counts them.

    Returns:
        The lines. "<" and ">", which YouTube refuses, are "‹" and "›".
    """
    lines = _numbered(tracks)
    return "\n".join(_keep_lines(lines, max_bytes, lambda kept_count: f"… +{len(lines) - kept_count}"))


def _keep_lines(lines: Sequence[str], max_bytes: int, note: Note) -> list[str]:
    """As many of the first lines as fit; where they are not all, a last line says what is missing.

    Args:
        lines: Lines without line breaks.
        max_bytes: The most bytes of all lines and the line breaks between them in UTF-8.
        note: The last line, from how many lines are kept.

    Returns:
        The lines that fit and the note; nothing where there is no room for the note alone.
    """
    if _fits(lines, max_bytes):
        return list(lines)

    for kept_count in reversed(range(len(lines))):
        kept = [*lines[:kept_count], note(kept_count)]
        if _fits(kept, max_bytes):
            return kept
    return []


def _fits(lines: Sequence[str], max_bytes: int) -> bool:
    return len("\n".join(lines).encode()) <= max_bytes


def _left_out(kept: Sequence[str], lines: Sequence[str]) -> int:
    """How many lines are missing, of which a note stands in the last place where there are any."""
    return 0 if list(kept) == list(lines) else len(lines) - max(0, len(kept) - 1)


def _with_numbers(
    head: str, tracks: Sequence[Track], room_bytes: int, language: Language, reason: NoChapters
) -> Description:
    """A description whose songs have numbers in place of times."""
    lines = _numbered(tracks)
    kept = _keep_lines(lines, room_bytes, lambda count: say("left_out", language, count=len(lines) - count))
    return Description(head + "\n".join(kept), reason, _left_out(kept, lines))


def _numbered(tracks: Sequence[Track]) -> list[str]:
    return [f"{number:02d}. {_name(track)}" for number, track in enumerate(tracks, start=1)]


def _head(playlist: ExportedPlaylist, language: Language) -> str:
    """What stands above the songs.

    Raises:
        InvalidInput: there is no room for it and a note below.
    """
    # A # in the title or in a name counts as well, and with one too many none is taken.
    others = playlist.title.count("#") + sum(_name(track).count("#") for track in playlist.tracks)
    tags = hashtags(playlist.tags, max(0, MOST_HASHTAGS - others))
    parts = [_for_youtube(playlist.title), tags, say("track_list", language)]
    head = "\n\n".join(part for part in parts if part) + "\n"
    note = say("left_out", language, count=len(playlist.tracks))
    head_bytes = len((head + note).encode())
    if head_bytes > MAX_DESCRIPTION_BYTES:
        raise InvalidInput(
            f"With title and hashtags a description has {head_bytes:,} bytes before its first song, and YouTube takes "
            f"{MAX_DESCRIPTION_BYTES:,}. Shorten the title or take fewer hashtags.",
            field="title",
        )
    return head


def _name(track: Track) -> str:
    """A song and its artists on one line."""
    name = _for_youtube(track.label)
    # YouTube takes no chapter without a name.
    return f"Song {track.song_id}" if is_unseen(name) else name


def _for_youtube(text: str) -> str:
    """A line that YouTube takes and in which it reads no time."""
    return COLON_OF_TIME.sub(RATIO, one_line(text)).translate(REFUSED_BY_YOUTUBE)
