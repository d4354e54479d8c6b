"""Reading themes.toml: which songs fit a theme, which do not, and how a title names it."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from training.demo.conditions import SongFinder
from training.demo.songs import FOLDER, DemoSong

THEMES_FILE = FOLDER / "themes.toml"


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
        near: Songs that do not quite fit, and that nobody would mind.
        refused: Songs that do not belong there, whatever else they fit.
        core: The songs that a playlist of the theme prefers to all others.
        share: How often the theme is drawn, beside the others of its kind.
        welcomes: Moods that other playlists keep out (`OCCASIONS`), and that belong to this theme.
    """

    kind: str
    name: str
    ko: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    tags: dict[str, list[str]]
    song_ids: frozenset[int] = field(repr=False)
    near: frozenset[int] = field(default=frozenset(), repr=False)
    refused: frozenset[int] = field(default=frozenset(), repr=False)
    core: frozenset[int] = field(default=frozenset(), repr=False)
    share: int = 1
    welcomes: frozenset[str] = frozenset()


def read_themes(songs: list[DemoSong], path: Path = THEMES_FILE) -> dict[str, list[Theme]]:
    """Read the themes by kind.

    Raises:
        InvalidInput: a theme's condition names what there is not.
    """
    finder = SongFinder(songs)
    themes = {}
    for kind, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
        themes[kind] = [_theme(kind, name, entry, finder) for name, entry in entries.items()]
    return themes


def read_circles(path: Path = THEMES_FILE) -> list[frozenset[str]]:
    """Read which artists people name together: those of every theme that is a circle of artists."""
    circles = []
    for entries in tomllib.loads(path.read_text(encoding="utf-8")).values():
        for entry in entries.values():
            if entry.get("circle"):
                circles.append(frozenset(entry["songs"]["artists"]))
    return circles


def _theme(kind: str, name: str, entry: dict, finder: SongFinder) -> Theme:
    """Make a theme of an entry of themes.toml."""
    title = f"{kind}.{name}"
    song_ids = finder.songs_of(entry["songs"], title)
    refused = finder.songs_with_any(entry.get("without", {}), title)
    fitting = song_ids - refused
    return Theme(
        kind,
        name,
        ko=tuple(entry.get("ko", ())),
        before=tuple(entry.get("before", ())),
        after=tuple(entry.get("after", ())),
        tags=entry["tags"],
        song_ids=fitting,
        near=finder.songs_of(entry.get("near", []), title) - refused - fitting,
        refused=refused,
        core=finder.songs_of(entry.get("first", []), title) & fitting,
        share=entry.get("share", 1),
        welcomes=frozenset(entry.get("welcomes", ())),
    )
