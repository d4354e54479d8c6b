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
OWN_ARTIST_SONGS, FEWEST_ARTIST_SONGS = 6, 16


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

    `ko` and `before` stand before the noun of a Korean and an English title, `after` behind the English noun;
    `core` are the songs that no playlist of the theme goes without.
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
        InvalidInput: a row lacks a column or its year is no number; names the line.
    """
    songs = []
    with path.open(encoding="utf-8", newline="") as file:
        for song_id, row in enumerate(csv.DictReader(file)):
            try:
                lists = {name: tuple(map(str.strip, row[name].split(";"))) for name in ("artists", "genres", "moods")}
                songs.append(DemoSong(song_id, row["title"], year=int(row["year"]), origin=row["origin"], **lists))
            except (KeyError, AttributeError, ValueError) as error:
                raise InvalidInput(
                    f"{path.name} line {song_id + 2} is not 'title,artists,year,origin,genres,moods': {row}",
                    code="bad_song_row",
                ) from error
    return songs


def read_themes(songs: list[DemoSong], path: Path = THEMES_FILE) -> dict[str, list[Theme]]:
    """Read themes.toml and add a theme for each artist with enough songs; themes by kind."""
    themes = defaultdict(list)
    for kind, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for name, entry in entries.items():
            song_ids = frozenset(song.song_id for song in songs if _fits(song, entry["songs"]))
            names = (tuple(entry.get(key, ())) for key in ("ko", "before", "after"))
            themes[kind].append(Theme(kind, name, *names, entry["tags"], song_ids))
    themes["artist"] = _artist_themes(songs)
    return dict(themes)


def _artist_themes(songs: list[DemoSong]) -> list[Theme]:
    """A theme for each artist with enough songs: all of them, and their neighbours in kind, country and time."""
    by_artist = defaultdict(list)
    for song in songs:
        for artist in song.artists:
            by_artist[artist].append(song)
    themes = []
    for artist, own in sorted(by_artist.items()):
        if len(own) < OWN_ARTIST_SONGS:
            continue
        core = frozenset(song.song_id for song in own)
        kinds = {(song.origin, song.genres[0]) for song in own}
        first, last = min(song.year for song in own) - 2, max(song.year for song in own) + 2
        alike = core | frozenset(
            s.song_id for s in songs if (s.origin, s.genres[0]) in kinds and first <= s.year <= last
        )
        if len(alike) < FEWEST_ARTIST_SONGS:
            continue
        ko = (f"{artist} 노래와 비슷한 곡들", f"{artist} 좋아하면 듣는 노래", f"{artist} 감성 노래")
        en = (f"songs for {artist} fans", f"{artist} and similar artists", f"music like {artist}")
        tag = [artist.replace(" ", "")]
        themes.append(Theme("artist", artist, ko, en, (), {"ko": tag, "en": tag}, alike, core))
    return themes


def _fits(song: DemoSong, wanted: dict) -> bool:
    """Whether the song has one of each thing that the theme asks for."""
    first, last = wanted.get("years", (song.year, song.year))
    return (
        first <= song.year <= last
        and ("origins" not in wanted or song.origin in wanted["origins"])
        and ("genres" not in wanted or not set(song.genres).isdisjoint(wanted["genres"]))
        and ("moods" not in wanted or not set(song.moods).isdisjoint(wanted["moods"]))
    )
