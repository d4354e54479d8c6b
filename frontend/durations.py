"""Reads how long the songs of a playlist play in the creator's own audio files.

python -m frontend.durations FOLDER PLAYLIST.json --out DURATIONS.json

PLAYLIST.json is what the page exports as JSON, what `make demo` writes, or an answer of the service. DURATIONS.json is
the same playlist with each song's duration and file: what a description with chapters needs.
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from aiplayer.errors import AIPlayerError
from aiplayer.files import write_whole
from aiplayer.playlist.exports import (
    ExportedPlaylist,
    Language,
    NoChapters,
    as_clock,
    as_json,
    chapter_starts,
    read_json,
)
from aiplayer.playlist.exports.plain_text import one_line
from aiplayer.playlist.own_files import MatchedTracks, match_files
from frontend.audio_files import read_folder

DEFAULT_OUT = Path("durations.json")


def main() -> None:
    """Run the command."""
    arguments = _parse_arguments()
    try:
        _read_durations(arguments.folder, arguments.playlist, arguments.out, Console(highlight=False))
    except AIPlayerError as error:
        sys.exit(f"error: {error.message}")
    except OSError as error:
        sys.exit(f"error: {error.filename}: {error.strerror}. Mend that and run the same command again.")


def _read_durations(folder: Path, playlist_path: Path, out: Path, console: Console) -> None:
    """Match a folder's files to a playlist, say what became of each song, and write the playlist with durations.

    Raises:
        InvalidInput: there is no such folder, or the playlist is none.
        OSError: the playlist cannot be read, or the durations cannot be written.
    """
    playlist = read_json(playlist_path.read_bytes())
    files, unreadable = read_folder(folder)
    matched = match_files(playlist.tracks, files)
    _show_songs(matched, console)
    _show_files("fit no song", [file.path for file in matched.unused], console)
    _show_files("cannot be read", unreadable, console)

    write_whole(out, as_json(ExportedPlaylist(playlist.title, playlist.tags, matched.tracks)).decode())
    _show_outcome(matched, out, console)


def _show_songs(matched: MatchedTracks, console: Console) -> None:
    """A line a song: its number, its duration, its name, and its file or why it has none."""
    for number, track in enumerate(matched.tracks, start=1):
        duration = "-" if track.duration_s is None else as_clock(round(track.duration_s))
        candidates = [file.path for file in matched.doubtful.get(number, [])]
        place = track.file or (f"could be {' or '.join(candidates)}" if candidates else "no file")
        song = one_line(f"{track.label} ({place})")
        console.print(Text(f"{number:3d}  {duration:>7}  {song}"), soft_wrap=True)


def _show_files(fault: str, paths: list[str], console: Console) -> None:
    for path in paths:
        console.print(Text(f"     {fault}: {one_line(path)}", style="dim"), soft_wrap=True)


def _show_outcome(matched: MatchedTracks, out: Path, console: Console) -> None:
    """How many songs have a duration, where it is written, and whether that is enough for chapters."""
    count = sum(track.duration_s is not None for track in matched.tracks)
    console.print(Text(f"{count} of {len(matched.tracks)} songs have a duration: {out}"), soft_wrap=True)
    starts = chapter_starts(matched.tracks)
    if isinstance(starts, NoChapters):
        console.print(Text(f"No chapters yet. {starts.in_words(Language.ENGLISH)}"), soft_wrap=True)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m frontend.durations", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="the folder of your audio files")
    parser.add_argument("playlist", type=Path, help="the playlist, a JSON file")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help=f"the file to write (default: {DEFAULT_OUT})")
    return parser.parse_args()


if __name__ == "__main__":
    main()
