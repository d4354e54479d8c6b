"""Composes the demo playlists and writes the catalogue in the Melon format.

A playlist is about one to three themes. Songs must fit its firm themes (season, era, genre, origin, artist); the other
themes only decide which of those songs come first, as a person's would. A few songs are a stranger's choice.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

import numpy as np

from aiplayer.files import write_whole
from training.demo.themes import DemoSong, Theme, read_songs, read_themes
from training.demo.wording import draw_language, draw_tags, write_title

PLAYLISTS = 3_000
# Kinds of theme that every song of a playlist must fit, but for a stranger's choice.
FIRM_KINDS = {"season", "era", "genre", "origin", "artist"}
# Songs of a playlist: their number is log-normal.
SHORTEST, LONGEST = 10, 60
USUAL_LENGTH = 24
LENGTH_SPREAD = 0.45
# A playlist is no longer than this, times the songs that fit all of its themes.
MOST_SONGS_A_FIT = 1.3
# Firm and soft themes go together where so many songs fit all of them.
FEWEST_COMMON_SONGS = 4
STRANGE_SHARE = 0.03
# How much a song's place in a playlist owes to its themes, and how much to chance.
FIT_WEIGHT = 2.0
CHANCE_WEIGHT = 0.6

EARLIEST_UPDATE = datetime(2018, 1, 1)
NEWEST_UPDATE = datetime(2026, 6, 30)
# Likes follow Pareto's distribution.
LIKES_SHAPE = 1.2
LIKES_SCALE = 8

# How often playlists are about each mix of kinds.
MIXES = {
    ("genre",): 5,
    ("artist",): 6,
    ("season",): 4,
    ("activity",): 5,
    ("mood",): 4,
    ("era",): 3,
    ("weather",): 2,
    ("hour",): 2,
    ("place",): 2,
    ("mood", "genre"): 9,
    ("era", "genre"): 9,
    ("season", "genre"): 7,
    ("weather", "genre"): 7,
    ("hour", "genre"): 7,
    ("place", "genre"): 7,
    ("activity", "genre"): 9,
    ("origin", "genre"): 3,
    ("origin", "era"): 3,
    ("origin", "mood"): 3,
    ("season", "activity"): 5,
    ("season", "mood"): 5,
    ("season", "hour"): 3,
    ("weather", "place"): 3,
    ("weather", "mood"): 4,
    ("hour", "activity"): 5,
    ("hour", "place"): 3,
    ("hour", "mood"): 4,
    ("activity", "mood"): 4,
    ("era", "mood"): 4,
    ("era", "activity"): 4,
    ("artist", "mood"): 3,
    ("weather", "place", "genre"): 5,
    ("season", "hour", "activity"): 3,
    ("season", "place", "genre"): 3,
    ("origin", "era", "genre"): 4,
    ("mood", "era", "genre"): 5,
    ("hour", "activity", "genre"): 5,
}


def compose(songs: Sequence[DemoSong], themes: dict[str, list[Theme]], count: int, seed: int) -> list[dict]:
    """Make playlists as rows of the Melon format.

    Args:
        songs: All songs; ids are positions.
        themes: Themes by kind.
        count: Number of playlists to make.
        seed: The same seed makes the same playlists.
    """
    random = np.random.default_rng(seed)
    mixes = list(MIXES)
    weights = np.array(list(MIXES.values()), dtype=float)
    mix_shares = weights / weights.sum()

    playlists: list[dict] = []
    titles: set[str] = set()
    while len(playlists) < count:
        mix = mixes[random.choice(len(mixes), p=mix_shares)]
        about = [_draw_theme(themes[kind], random) for kind in mix]
        song_ids = _pick_songs(about, len(songs), random)
        language = draw_language(random)
        title = write_title(about, language, random)
        if len(song_ids) < SHORTEST or title in titles:
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
            }
        )
    genre_names = {code: genre for genre, code in codes.items()}
    playlists = compose(songs, read_themes(songs), count, seed)

    contents = {"song_meta.json": song_rows, "genre_gn_all.json": genre_names, "train.json": playlists}
    for name, content in contents.items():
        write_whole(folder / name, json.dumps(content, ensure_ascii=False))


def _draw_theme(themes: list[Theme], random: np.random.Generator) -> Theme:
    return themes[random.integers(len(themes))]


def _draw_update_date(newest_year: int, random: np.random.Generator) -> datetime:
    """Draw when a playlist was last updated: after its newest song came out, if that is not later than any update."""
    all_songs_are_out = datetime(newest_year, 12, 31)
    earliest = max(EARLIEST_UPDATE, min(all_songs_are_out, NEWEST_UPDATE))
    span_s = (NEWEST_UPDATE - earliest).total_seconds()
    return earliest + timedelta(seconds=int(random.random() * span_s))


def _pick_songs(about: list[Theme], song_count: int, random: np.random.Generator) -> list[int]:
    """Pick songs of all firm themes, those first that also fit the others.

    Args:
        about: The themes of the playlist.
        song_count: Number of songs in the catalogue.
        random: The generator to draw from.

    Returns:
        Ids of different songs in the playlist's order; none where the themes do not go together.
    """
    firm = [theme.song_ids for theme in about if theme.kind in FIRM_KINDS]
    soft = [theme.song_ids for theme in about if theme.kind not in FIRM_KINDS]
    candidates = frozenset.intersection(*firm) if firm else frozenset.union(*soft)

    # How many of the soft themes each song fits.
    tally = Counter(chain.from_iterable(soft))
    fits = {song_id: tally[song_id] for song_id in sorted(candidates)}
    common_count = list(fits.values()).count(len(soft))
    fewest = FEWEST_COMMON_SONGS if firm and soft else SHORTEST
    if common_count < fewest:
        return []

    length = _draw_length(common_count, len(candidates), random)
    core = frozenset.union(*(theme.core for theme in about))
    chances = random.gumbel(size=len(fits))
    scores = {}
    for (song_id, count), chance in zip(fits.items(), chances, strict=True):
        scores[song_id] = FIT_WEIGHT * (count + (song_id in core)) + chance * CHANCE_WEIGHT
    picked = sorted(scores, key=scores.__getitem__, reverse=True)[:length]

    # A stranger's choice takes the place of the songs that fit least.
    stranger_count = random.binomial(length, STRANGE_SHARE)
    strangers = random.integers(song_count, size=stranger_count)
    picked[len(picked) - stranger_count :] = [int(song_id) for song_id in strangers]
    random.shuffle(picked)
    return list(dict.fromkeys(picked))


def _draw_length(common_count: int, candidate_count: int, random: np.random.Generator) -> int:
    """Draw how many songs a playlist has.

    Args:
        common_count: Number of songs that fit all of its themes.
        candidate_count: Number of songs that it may have.
        random: The generator to draw from.
    """
    length = round(math.exp(random.normal(math.log(USUAL_LENGTH), LENGTH_SPREAD)))
    most_by_fit = max(SHORTEST, round(MOST_SONGS_A_FIT * common_count))
    return min(max(length, SHORTEST), LONGEST, candidate_count, most_by_fit)
