"""Composes the demo playlists and writes the catalogue in the Melon format.

A playlist is about one to three themes. Songs must fit its firm themes (season, era, genre, origin, artist) and be near
the others, which decide the order in which songs come, as a person's taste would. A few songs are a stranger's choice.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from aiplayer.files import write_whole
from training.demo.artists import ARTISTS_FILE, artist_themes
from training.demo.picking import Picker, shortest_length
from training.demo.songs import SONGS_FILE, DemoSong, read_songs
from training.demo.themes import THEMES_FILE, Theme, read_circles, read_themes
from training.demo.wording import draw_language, draw_tags, write_title

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
        count: Number of playlists to make.
        seed: The same seed makes the same playlists.
    """
    random = np.random.default_rng(seed)
    picker = Picker(songs)
    decks = Decks(themes, random)
    mixes = list(MIXES)
    weights = np.array(list(MIXES.values()), dtype=float)
    mix_shares = weights / weights.sum()

    playlists: list[dict] = []
    titles: set[str] = set()
    while len(playlists) < count:
        about = decks.deal(mixes[random.choice(len(mixes), p=mix_shares)])
        song_ids = picker.pick(about, random)
        language = draw_language(random)
        title = write_title(about, language, random)
        if len(song_ids) < shortest_length(about) or title in titles:
            continue

        titles.add(title)
        newest_year = max(songs[song_id].year for song_id in song_ids)
        playlists.append(
            {
                "id": len(playlists),
                "plylst_title": title,
                "tags": draw_tags(about, language, random),
                "songs": song_ids,
                "like_cnt": int(random.pareto(LIKES_SHAPE) * LIKES_SCALE),
                "updt_date": str(_draw_update_date(newest_year, random)),
            }
        )
    return playlists


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
