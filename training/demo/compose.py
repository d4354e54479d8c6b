"""Composes the demo playlists and writes the catalogue in the Melon format.

A playlist is about one to three themes: some that are drawn together, or a crossing of an era, a genre or an origin, of
which every one is there that enough songs fit. Songs must fit its firm themes (season, era, genre, origin, artist) and
be near the others, which decide the order in which songs come, as a person's taste would. A few songs are a stranger's
choice.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations, product
from pathlib import Path

import numpy as np

from aiplayer.files import write_whole
from training.demo.artists import ARTISTS_FILE, artist_themes
from training.demo.picking import Picker, shortest_length
from training.demo.songs import SONGS_FILE, DemoSong, read_songs
from training.demo.themes import THEMES_FILE, Theme, read_circles, read_themes
from training.demo.wording import draw_language, draw_tags, write_title

# Playlists whose themes are drawn; the crossings come on top.
PLAYLISTS = 3_000
# What the playlists are made of, beside the code.
SOURCES = (SONGS_FILE, THEMES_FILE, ARTISTS_FILE)

EARLIEST_UPDATE = datetime(2018, 1, 1)
NEWEST_UPDATE = datetime(2026, 6, 30)
# Likes follow Pareto's distribution.
LIKES_SHAPE = 1.2
LIKES_SCALE = 8

# How often playlists are about each mix of kinds.
MIXES = {
    ("genre",): 20,
    ("own",): 24,
    ("like",): 24,
    ("pair",): 5,
    ("season",): 3,
    ("activity",): 6,
    ("occasion",): 7,
    ("mood",): 3,
    ("era",): 2,
    ("weather",): 2,
    ("hour",): 2,
    ("place",): 2,
    ("mood", "genre"): 10,
    ("era", "genre"): 9,
    ("season", "genre"): 7,
    ("weather", "genre"): 7,
    ("hour", "genre"): 7,
    ("place", "genre"): 7,
    ("activity", "genre"): 11,
    ("origin", "genre"): 4,
    ("origin", "era"): 2,
    ("origin", "mood"): 3,
    ("origin", "activity"): 3,
    ("season", "activity"): 5,
    ("season", "mood"): 4,
    ("season", "hour"): 3,
    ("season", "place"): 3,
    ("weather", "place"): 3,
    ("weather", "mood"): 4,
    ("weather", "activity"): 3,
    ("weather", "hour"): 2,
    ("hour", "activity"): 6,
    ("hour", "place"): 3,
    ("hour", "mood"): 4,
    ("place", "mood"): 3,
    ("activity", "mood"): 5,
    ("era", "mood"): 4,
    ("era", "activity"): 6,
    ("like", "mood"): 3,
    ("weather", "place", "genre"): 6,
    ("season", "hour", "activity"): 2,
    ("season", "place", "genre"): 3,
    ("origin", "era", "genre"): 4,
    ("mood", "era", "genre"): 5,
    ("hour", "activity", "genre"): 5,
}


# Kinds whose themes cross: a crossing that so many songs fit has so many playlists, and an origin by itself has, too.
CROSSINGS = (("origin",), ("era", "genre"), ("origin", "genre"), ("origin", "era"), ("origin", "era", "genre"))
PLAYLISTS_BY_SONGS = ((18, 3), (12, 2))
# A crossing whose playlists come out too short, or named like others, is tried no more often than this.
MOST_TRIES = 12


class Decks:
    """Deals the themes of each kind, all of them before one comes again."""

    def __init__(self, themes: dict[str, list[Theme]], random: np.random.Generator):
        self._themes = {kind: [theme for theme in each for _ in range(theme.share)] for kind, each in themes.items()}
        self._random = random
        self._dealt: dict[tuple[tuple[str, ...], str], list[Theme]] = {}

    def deal(self, mix: tuple[str, ...]) -> list[Theme]:
        """Deal a theme of each kind of a mix; every mix has decks of its own."""
        about = []
        for kind in mix:
            deck = self._dealt.setdefault((mix, kind), [])
            if not deck:
                deck += self._themes[kind]
                self._random.shuffle(deck)
            about.append(deck.pop())
        return about


def read_all_themes(songs: list[DemoSong]) -> dict[str, list[Theme]]:
    """Read the themes of themes.toml and make those that name artists, by kind."""
    return read_themes(songs) | artist_themes(songs, read_circles())


def compose(songs: Sequence[DemoSong], themes: dict[str, list[Theme]], count: int, seed: int) -> list[dict]:
    """Make playlists as rows of the Melon format.

    Args:
        songs: All songs; ids are positions.
        themes: Themes by kind.
        count: Number of playlists to make of themes that are drawn, beside those of crossings.
        seed: The same seed makes the same playlists.
    """
    writer = _Writer(songs, np.random.default_rng(seed))
    decks = Decks(themes, writer.random)
    mixes = list(MIXES)
    weights = np.array(list(MIXES.values()), dtype=float)
    mix_shares = weights / weights.sum()
    while len(writer.playlists) < count:
        writer.write(decks.deal(mixes[writer.random.choice(len(mixes), p=mix_shares)]))

    for about, playlist_count in _crossings(themes):
        wanted = len(writer.playlists) + playlist_count
        for _ in range(MOST_TRIES):
            if len(writer.playlists) < wanted:
                writer.write(about)
    return writer.playlists


class _Writer:
    """Writes playlists, no two of which have one title.

    Args:
        songs: All songs; ids are positions.
        random: The generator to draw from.

    Attributes:
        playlists: Those that are written, as rows of the Melon format.
    """

    def __init__(self, songs: Sequence[DemoSong], random: np.random.Generator):
        self._songs = songs
        self._picker = Picker(songs)
        self._titles: set[str] = set()
        self.random = random
        self.playlists: list[dict] = []

    def write(self, about: list[Theme]) -> None:
        """Write a playlist about some themes, where they go together."""
        song_ids = self._picker.pick(about, self.random)
        language = draw_language(self.random)
        title = write_title(about, language, self.random)
        if len(song_ids) < shortest_length(about) or title in self._titles:
            return

        self._titles.add(title)
        newest_year = max(self._songs[song_id].year for song_id in song_ids)
        self.playlists.append(
            {
                "id": len(self.playlists),
                "plylst_title": title,
                "tags": draw_tags(about, language, self.random),
                "songs": song_ids,
                "like_cnt": int(self.random.pareto(LIKES_SHAPE) * LIKES_SCALE),
                "updt_date": str(_draw_update_date(newest_year, self.random)),
            }
        )


def _crossings(themes: dict[str, list[Theme]]) -> Iterator[tuple[list[Theme], int]]:
    """The themes that cross, and how many playlists each crossing has."""
    for kinds in CROSSINGS:
        for about in product(*(themes[kind] for kind in kinds)):
            song_ids = _common_songs(about)
            # "Italian canzone" says no more than canzone does.
            says_more = all(
                song_ids != _common_songs(others) for others in combinations(about, len(about) - 1) if others
            )
            playlist_count = next((count for fewest, count in PLAYLISTS_BY_SONGS if len(song_ids) >= fewest), 0)
            if says_more and playlist_count:
                yield list(about), playlist_count


def _common_songs(about: Sequence[Theme]) -> frozenset[int]:
    """The songs that fit every theme, and that none refuses."""
    fitting = frozenset.intersection(*(theme.song_ids for theme in about))
    return fitting.difference(*(theme.refused for theme in about))


def write_melon(folder: Path, count: int, seed: int) -> None:
    """Write `song_meta.json`, `genre_gn_all.json` and `train.json` as the Melon dataset spells them.

    Args:
        folder: Where to write; it is made where it is missing.
        count: Number of playlists.
        seed: The same seed makes the same files.
    """
    songs = read_songs()
    genres = sorted({genre for song in songs for genre in song.genres})
    codes = {genre: f"GN{100 * number:04d}" for number, genre in enumerate(genres, start=1)}

    song_rows = []
    for song in songs:
        song_rows.append(
            {
                "id": song.song_id,
                "song_name": song.title,
                "artist_name_basket": list(song.artists),
                "song_gn_gnr_basket": [codes[genre] for genre in song.genres],
                "issue_date": f"{song.year}0101",
                "country": song.origin,
            }
        )
    genre_names = {code: genre for genre, code in codes.items()}
    playlists = compose(songs, read_all_themes(songs), count, seed)

    contents = {"song_meta.json": song_rows, "genre_gn_all.json": genre_names, "train.json": playlists}
    for name, content in contents.items():
        write_whole(folder / name, json.dumps(content, ensure_ascii=False))


def _draw_update_date(newest_year: int, random: np.random.Generator) -> datetime:
    """Draw when a playlist was last updated: after its newest song came out, if that is not later than any update."""
    all_songs_are_out = datetime(newest_year, 12, 31)
    earliest = max(EARLIEST_UPDATE, min(all_songs_are_out, NEWEST_UPDATE))
    span_s = (NEWEST_UPDATE - earliest).total_seconds()
    return earliest + timedelta(seconds=int(random.random() * span_s))
