"""Reading songs.csv and themes.toml: which songs fit a theme, and how a title names it."""

import csv
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from aiplayer.errors import InvalidInput

FOLDER = Path(__file__).parent
SONGS_FILE = FOLDER / "songs.csv"
THEMES_FILE = FOLDER / "themes.toml"
# An artist is a theme with so many songs of their own, and so many together with songs like theirs.
OWN_ARTIST_SONGS = 6
FEWEST_ARTIST_SONGS = 16
# Songs like an artist's came out at most so many years before their first or after their last.
NEIGHBOUR_YEARS = 2


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


@dataclass(frozen=True)
class Theme:
    """Something that a playlist can be about.

    Attributes:
        kind: The kind of theme, such as "season".
        name: The theme's name within its kind, such as "spring".
        ko: Phrases to stand before the noun of a Korean title.
        before: Phrases to stand before the noun of an English title.
        after: Phrases to stand behind the noun of an English title; empty where it has none.
        tags: Hashtags by language, "ko" and "en".
        song_ids: The songs that fit.
        core: The songs that a playlist of the theme prefers to all others.
    """

    kind: str
    name: str
    ko: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    tags: dict[str, list[str]]
    song_ids: frozenset[int] = field(repr=False)
    core: frozenset[int] = field(default=frozenset(), repr=False)


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


def read_themes(songs: list[DemoSong], path: Path = THEMES_FILE) -> dict[str, list[Theme]]:
    """Read themes.toml and add a theme for each artist with enough songs; themes by kind."""
    entries_by_kind = tomllib.loads(path.read_text(encoding="utf-8"))
    themes = {}
    for kind, entries in entries_by_kind.items():
        themes[kind] = [_theme(kind, name, entry, songs) for name, entry in entries.items()]
    themes["artist"] = _artist_themes(songs)
    return themes


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


def _theme(kind: str, name: str, entry: dict, songs: list[DemoSong]) -> Theme:
    """Make a theme of an entry of themes.toml."""
    song_ids = frozenset(song.song_id for song in songs if _fits(song, entry["songs"]))
    return Theme(
        kind,
        name,
        ko=tuple(entry.get("ko", ())),
        before=tuple(entry.get("before", ())),
        after=tuple(entry.get("after", ())),
        tags=entry["tags"],
        song_ids=song_ids,
    )


def _artist_themes(songs: list[DemoSong]) -> list[Theme]:
    """Make a theme of each artist with enough songs."""
    by_artist = defaultdict(list)
    for song in songs:
        for artist in song.artists:
            by_artist[artist].append(song)

    themes = []
    for artist, own_songs in sorted(by_artist.items()):
        if len(own_songs) < OWN_ARTIST_SONGS:
            continue
        theme = _artist_theme(artist, own_songs, songs)
        if len(theme.song_ids) >= FEWEST_ARTIST_SONGS:
            themes.append(theme)
    return themes


def _artist_theme(artist: str, own_songs: list[DemoSong], songs: list[DemoSong]) -> Theme:
    """Make the theme of an artist: all of their songs, and the neighbours of these in genre, country and time."""
    first_year = min(song.year for song in own_songs) - NEIGHBOUR_YEARS
    last_year = max(song.year for song in own_songs) + NEIGHBOUR_YEARS
    own_styles = {(song.origin, song.genres[0]) for song in own_songs}
    neighbours = set()
    for song in songs:
        if (song.origin, song.genres[0]) in own_styles and first_year <= song.year <= last_year:
            neighbours.add(song.song_id)

    core = frozenset(song.song_id for song in own_songs)
    tag = [artist.replace(" ", "")]
    return Theme(
        "artist",
        artist,
        ko=(f"{artist} 노래와 비슷한 곡들", f"{artist} 좋아하면 듣는 노래", f"{artist} 감성 노래"),
        before=(f"songs for {artist} fans", f"{artist} and similar artists", f"music like {artist}"),
        after=(),
        tags={"ko": tag, "en": tag},
        song_ids=core | neighbours,
        core=core,
    )


def _fits(song: DemoSong, condition: dict) -> bool:
    """Tell whether a song meets a condition of themes.toml: has one of each thing that it lists."""
    first_year, last_year = condition.get("years", (song.year, song.year))
    return (
        first_year <= song.year <= last_year
        and ("origins" not in condition or song.origin in condition["origins"])
        and ("genres" not in condition or not set(song.genres).isdisjoint(condition["genres"]))
        and ("moods" not in condition or not set(song.moods).isdisjoint(condition["moods"]))
    )
