"""Lists the songs of the demo playlists that fit least where they are, for a person to look at.

    python -m training.demo.misfits --count 40

It knows nothing of the themes: a song is judged by the other songs of its playlist alone.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console

from training.console import run_command
from training.demo.compose import PLAYLISTS, compose, read_all_themes
from training.demo.songs import DemoSong, read_songs

CONSOLE = Console(highlight=False, soft_wrap=True)
SEED = 20
# A mood that so large a share of a playlist's songs has is the playlist's own.
COMMON_SHARE = 0.5
# Songs are of one time where they came out within so many years.
SAME_YEARS = 8
# How much moods, genres, origin and time count in the likeness of two songs; together 1.
MOOD_WEIGHT, GENRE_WEIGHT, ORIGIN_WEIGHT, TIME_WEIGHT = 0.4, 0.4, 0.1, 0.1

# Moods that do not go together in one playlist.
OPPOSITES = (
    {"energetic", "sleep"},
    {"energetic", "calm"},
    {"party", "sad"},
    {"party", "calm"},
    {"party", "sleep"},
    {"party", "study"},
    {"workout", "calm"},
    {"workout", "sad"},
    {"workout", "christmas"},
    {"energetic", "study"},
    {"party", "focus"},
    {"happy", "heartbreak"},
    {"happy", "sad"},
    {"happy", "dark"},
    {"summer", "winter"},
    {"summer", "snow"},
    {"summer", "christmas"},
    {"sunny", "rain"},
    {"sunny", "snow"},
    {"spring", "snow"},
    {"wedding", "heartbreak"},
    {"cozy", "workout"},
    {"cozy", "party"},
)


@dataclass(frozen=True)
class Misfit:
    """A song in a playlist where it stands out.

    Attributes:
        playlist: The playlist's title.
        song: The song.
        likeness: How like the other songs it is, from 0 to 1.
        clash: A mood of the song and the opposite one of the playlist; empty where there is none.
    """

    playlist: str
    song: DemoSong
    likeness: float
    clash: str


def judge(playlist: dict, songs: Sequence[DemoSong]) -> list[Misfit]:
    """Judge every song of a playlist by the others.

    Args:
        playlist: A row of the Melon format.
        songs: All songs; ids are positions.
    """
    members = [songs[song_id] for song_id in playlist["songs"]]
    tally = Counter(mood for song in members for mood in song.moods)
    common = {mood for mood, count in tally.items() if count >= COMMON_SHARE * len(members)}

    judged = []
    for song in members:
        others = [other for other in members if other is not song]
        likeness = sum(_likeness(song, other) for other in others) / len(others)
        clashes = sorted(_clashes(song, common))
        judged.append(Misfit(playlist["plylst_title"], song, likeness, clashes[0] if clashes else ""))
    return judged


def _clashes(song: DemoSong, common: set[str]) -> Iterator[str]:
    """Name the song's moods that are opposite to common ones; a song with both moods has its own reason to be there."""
    moods = set(song.moods)
    for pair in OPPOSITES:
        own, theirs = pair & moods, pair & common
        if own and theirs and own.isdisjoint(theirs) and not pair <= moods:
            yield f"{own.pop()} among {theirs.pop()}"


def _likeness(song: DemoSong, other: DemoSong) -> float:
    return (
        MOOD_WEIGHT * _share_in_common(song.moods, other.moods)
        + GENRE_WEIGHT * _share_in_common(song.genres, other.genres)
        + ORIGIN_WEIGHT * (song.origin == other.origin)
        + TIME_WEIGHT * (abs(song.year - other.year) <= SAME_YEARS)
    )


def _share_in_common(first: Sequence[str], second: Sequence[str]) -> float:
    return len(set(first) & set(second)) / len(set(first) | set(second))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.demo.misfits",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=40, help="how many to list; default: 40")
    count = parser.parse_args().count

    songs = read_songs()
    judged = []
    for playlist in compose(songs, read_all_themes(songs), PLAYLISTS, SEED):
        judged += judge(playlist, songs)
    judged.sort(key=lambda misfit: (not misfit.clash, misfit.likeness))

    clashing = sum(bool(misfit.clash) for misfit in judged)
    CONSOLE.print(f"{clashing:,} of {len(judged):,} songs clash with their playlist's moods. The worst:")
    for misfit in judged[:count]:
        song = f"{misfit.song.title} · {', '.join(misfit.song.artists)}"
        CONSOLE.print(f"{misfit.likeness:.2f}  {misfit.playlist}: {song}  {misfit.clash}", markup=False)


if __name__ == "__main__":
    run_command(main)
