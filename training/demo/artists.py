"""Playlists that name an artist: of their own songs, of two artists', and of songs like theirs."""

import csv
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

from training.demo.songs import FOLDER, DemoSong
from training.demo.themes import Theme

ARTISTS_FILE = FOLDER / "artists.csv"
# An artist has a playlist of their own with so many songs, and one of songs like theirs with so many of their own and
# so many together.
FEWEST_OWN_SONGS = 8
FEWEST_SONGS_TO_BE_LIKE = 5
FEWEST_LIKE_SONGS = 16
# Songs like an artist's came out at most so many years before their first or after their last.
NEIGHBOUR_YEARS = 2
# An origin and a genre are an artist's style with this share of their songs.
USUAL_STYLE_SHARE = 0.25

Phrases = dict[str, tuple[str, ...]]

# What stands in a title around the name or names.
OWN: Phrases = {
    "ko": (
        "{} 노래 모음",
        "{} 노래모음",
        "{} 명곡",
        "{} 히트곡 모음",
        "{} 대표곡",
        "{} 베스트",
        "{} 플레이리스트",
    ),
    "en": (
        "{} songs",
        "best of {}",
        "{} greatest hits",
        "{} essentials",
        "this is {}",
        "{} hits",
        "{} playlist",
    ),
}
LIKE: Phrases = {
    "ko": (
        "{} 좋아하면 듣는 노래",
        "{} 좋아하면",
        "{} 감성 노래",
        "{} 감성",
        "{} 좋아하는 사람",
        "{} 같은 노래",
    ),
    "en": (
        "songs for {} fans",
        "songs like {}",
        "music like {}",
        "if you like {}",
        "{} vibes",
        "{} and the like",
    ),
}
PAIR: Phrases = {
    "ko": ("{} {} 노래 모음", "{}, {} 명곡", "{} & {} 플레이리스트"),
    "en": ("{} & {}", "{} and {} songs", "best of {} and {}"),
}


class ArtistNames:
    """How people write an artist's name in each language, from artists.csv (artist,ko,en; forms parted by "|")."""

    def __init__(self, path: Path = ARTISTS_FILE):
        with path.open(encoding="utf-8", newline="") as file:
            self._rows = {row["artist"]: row for row in csv.DictReader(file)}

    def forms(self, artist: str, language: str) -> list[str]:
        """The forms of a name in a language, "ko" or "en"; the catalogue's own where the file has none."""
        row = self._rows.get(artist, {})
        return [form for form in row.get(language, "").split("|") if form] or [artist]


def artist_themes(songs: list[DemoSong], circles: list[frozenset[str]]) -> dict[str, list[Theme]]:
    """Make the themes that name artists, by kind: "own", "like" and "pair".

    Args:
        songs: All songs.
        circles: Sets of artists whom people name together, such as the girl groups of a generation.
    """
    names = ArtistNames()
    by_artist = defaultdict(list)
    for song in songs:
        for artist in song.artists:
            by_artist[artist].append(song)

    themes: dict[str, list[Theme]] = {"own": [], "like": [], "pair": []}
    for artist, own_songs in sorted(by_artist.items()):
        own_ids = frozenset(song.song_id for song in own_songs)
        if len(own_songs) >= FEWEST_OWN_SONGS:
            themes["own"].append(_theme("own", artist, names, OWN, own_ids))
        if len(own_songs) < FEWEST_SONGS_TO_BE_LIKE:
            continue
        like_ids = own_ids | _neighbours(artist, own_songs, songs, circles)
        if len(like_ids) >= FEWEST_LIKE_SONGS:
            themes["like"].append(replace(_theme("like", artist, names, LIKE, like_ids), core=own_ids))
    themes["pair"] = _pairs(themes["like"], names)
    return themes


def _theme(kind: str, artist: str, names: ArtistNames, phrases: Phrases, ids: frozenset[int]) -> Theme:
    """Make a theme whose phrases hold every form of an artist's name."""
    korean_names, english_names = names.forms(artist, "ko"), names.forms(artist, "en")
    return Theme(
        kind,
        artist,
        ko=tuple(phrase.format(name) for name in korean_names for phrase in phrases["ko"]),
        before=tuple(phrase.format(name) for name in english_names for phrase in phrases["en"]),
        after=(),
        tags={"ko": [_tag(korean_names[0])], "en": [_tag(english_names[0])]},
        song_ids=ids,
        welcomes=frozenset(["christmas"]) if kind == "own" else frozenset(),
    )


def _neighbours(
    artist: str, own_songs: list[DemoSong], songs: list[DemoSong], circles: list[frozenset[str]]
) -> frozenset[int]:
    """Find the songs like an artist's: of the artists of all their circles, else of their origin, genre and time."""
    own_circles = [circle for circle in circles if artist in circle]
    fellows = frozenset.intersection(*own_circles) if own_circles else frozenset()
    circle_songs = [song for song in songs if not fellows.isdisjoint(song.artists)] if fellows else []
    if len(circle_songs) >= FEWEST_LIKE_SONGS:
        return frozenset(song.song_id for song in circle_songs)

    styles = Counter((song.origin, song.genres[0]) for song in own_songs)
    usual_styles = {style for style, count in styles.items() if count >= USUAL_STYLE_SHARE * len(own_songs)}
    first_year = min(song.year for song in own_songs) - NEIGHBOUR_YEARS
    last_year = max(song.year for song in own_songs) + NEIGHBOUR_YEARS
    neighbours = set()
    for song in songs:
        if (song.origin, song.genres[0]) in usual_styles and first_year <= song.year <= last_year:
            neighbours.add(song.song_id)
    return frozenset(neighbours)


def _pairs(like_themes: list[Theme], names: ArtistNames) -> list[Theme]:
    """Make a theme of every artist and the one who is most like them: whose neighbours are nearest to their own."""
    pairs: dict[frozenset[str], Theme] = {}
    for theme in like_themes:
        others = [other for other in like_themes if other is not theme and not other.core & theme.core]
        if not others:
            continue
        partner = max(others, key=lambda other: _likeness(theme, other))
        pairs.setdefault(frozenset([theme.name, partner.name]), _pair(theme, partner, names))
    return list(pairs.values())


def _likeness(theme: Theme, other: Theme) -> float:
    """The share of songs that two artists' neighbours have in common."""
    return len(theme.song_ids & other.song_ids) / len(theme.song_ids | other.song_ids)


def _pair(first: Theme, second: Theme, names: ArtistNames) -> Theme:
    korean = names.forms(first.name, "ko")[0], names.forms(second.name, "ko")[0]
    english = names.forms(first.name, "en")[0], names.forms(second.name, "en")[0]
    return Theme(
        "pair",
        f"{first.name} & {second.name}",
        ko=tuple(phrase.format(*korean) for phrase in PAIR["ko"]),
        before=tuple(phrase.format(*english) for phrase in PAIR["en"]),
        after=(),
        tags={"ko": [_tag(name) for name in korean], "en": [_tag(name) for name in english]},
        song_ids=first.core | second.core,
    )


def _tag(name: str) -> str:
    return name.replace(" ", "")
