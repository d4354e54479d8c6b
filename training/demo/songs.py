"""Reading songs.csv."""

import csv
from dataclasses import dataclass
from pathlib import Path

from aiplayer.errors import InvalidInput

FOLDER = Path(__file__).parent
SONGS_FILE = FOLDER / "songs.csv"


@dataclass(frozen=True)
class DemoSong:
    """One row of songs.csv; its id is its row number, so new songs go to the end of the file."""

    song_id: int
    title: str
    artists: tuple[str, ...]
    year: int
    origin: str
    genres: tuple[str, ...]
    moods: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """How themes.toml may name the song: "artist - title", for each of its artists."""
        return tuple(f"{artist} - {self.title}" for artist in self.artists)


def read_songs(path: Path = SONGS_FILE) -> list[DemoSong]:
    """Read songs.csv.

    Raises:
        InvalidInput: a row lacks a column or its year is no number; the message has the line.
    """
    songs = []
    with path.open(encoding="utf-8", newline="") as file:
        for song_id, row in enumerate(csv.DictReader(file)):
            try:
                song = _song(song_id, row)
            except (KeyError, AttributeError, ValueError) as error:
                raise InvalidInput(
                    f"{path.name} line {song_id + 2} is not 'title,artists,year,origin,genres,moods': {row}. "
                    "Correct the line.",
                    code="bad_song_row",
                ) from error
            songs.append(song)
    return songs


def _song(song_id: int, row: dict[str, str]) -> DemoSong:
    return DemoSong(
        song_id,
        title=row["title"],
        artists=_split(row["artists"]),
        year=int(row["year"]),
        origin=row["origin"],
        genres=_split(row["genres"]),
        moods=_split(row["moods"]),
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";"))
