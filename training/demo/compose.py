"""Composes the demo playlists and writes the catalogue in the Melon format.

A playlist is about one to three themes. Songs must fit its firm themes (season, era, genre, origin, artist); the other
themes only decide which of those songs come first, as a person's would. A few songs are a stranger's choice.
"""

import json
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from training.demo.themes import DemoSong, Theme, read_songs, read_themes

PLAYLISTS = 3_000
FIRM = {"season", "era", "genre", "origin", "artist"}
SHORTEST, LONGEST = 10, 60
STRANGE_SHARE = 0.03
NEWEST = datetime(2026, 6, 30)
TITLE_ORDER = ("season", "weather", "hour", "place", "activity", "mood", "origin", "era")
LANGUAGES, LANGUAGE_SHARES = ("ko", "en", "both"), (0.36, 0.24, 0.4)

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
NOUNS = {
    "ko": ("노래", "음악", "노래 모음", "플레이리스트", "명곡 모음"),
    "en": ("songs", "music", "playlist", "tunes", "tracks"),
}
DRESSES = ("{}",) * 9 + ("[Playlist] {}", "{} 🎧", "🎵 {}", "PLAYLIST | {}", "{} ✨", "{} ♪")


def compose(songs: Sequence[DemoSong], themes: dict[str, list[Theme]], count: int, seed: int) -> list[dict]:
    """Make `count` playlists as rows of the Melon format.

    Args:
        songs: All songs; ids are positions.
        themes: Themes by kind.
        count: How many playlists.
        seed: The same seed makes the same playlists.
    """
    random = np.random.default_rng(seed)
    mixes, weights = list(MIXES), np.array(list(MIXES.values()), dtype=float)
    playlists, titles = [], set()
    while len(playlists) < count:
        mix = mixes[random.choice(len(mixes), p=weights / weights.sum())]
        about = [themes[kind][random.integers(len(themes[kind]))] for kind in mix]
        song_ids = _pick_songs(about, len(songs), random)
        language = random.choice(LANGUAGES, p=LANGUAGE_SHARES)
        title = _title(about, language, random)
        if len(song_ids) < SHORTEST or title in titles:
            continue
        titles.add(title)
        newest_song = datetime(max(songs[song_id].year for song_id in song_ids), 12, 31)
        earliest = max(datetime(2018, 1, 1), min(newest_song, NEWEST))
        playlists.append(
            {
                "id": len(playlists),
                "plylst_title": title,
                "tags": _tags(about, language, random),
                "songs": song_ids,
                "like_cnt": int(random.pareto(1.2) * 8),
                "updt_date": str(
                    earliest + timedelta(seconds=int(random.random() * (NEWEST - earliest).total_seconds()))
                ),
            }
        )
    return playlists


def _pick_songs(about: list[Theme], song_count: int, random: np.random.Generator) -> list[int]:
    """Songs of all firm themes, those that also fit the others first; too few where the themes do not go together."""
    firm = [theme.song_ids for theme in about if theme.kind in FIRM]
    soft = [theme.song_ids for theme in about if theme.kind not in FIRM]
    allowed = frozenset.intersection(*firm) if firm else frozenset.union(*soft)
    fitting = {song_id: sum(song_id in theme for theme in soft) for song_id in sorted(allowed)}
    best = sum(fits == len(soft) for fits in fitting.values())
    if best < (SHORTEST if not firm or not soft else 4):
        return []
    wanted = round(math.exp(random.normal(math.log(24), 0.45)))
    wanted = min(max(wanted, SHORTEST), LONGEST, len(fitting), max(SHORTEST, round(1.3 * best)))
    core = frozenset.union(*(theme.core for theme in about))
    keys = {song_id: 2.0 * (fits + (song_id in core)) + random.gumbel() * 0.6 for song_id, fits in fitting.items()}
    chosen = sorted(keys, key=keys.get, reverse=True)[:wanted]
    strangers = random.integers(song_count, size=random.binomial(wanted, STRANGE_SHARE))
    chosen[len(chosen) - len(strangers) :] = [int(song_id) for song_id in strangers]
    random.shuffle(chosen)
    return list(dict.fromkeys(chosen))


def _title(about: list[Theme], language: str, random: np.random.Generator) -> str:
    """A title in Korean, in English, or in both."""
    if language == "both":
        return f"{_plain_title(about, 'ko', random)} | {_plain_title(about, 'en', random)}"
    dress = DRESSES[random.integers(len(DRESSES))]
    return dress.format(_plain_title(about, language, random))


def _plain_title(about: list[Theme], language: str, random: np.random.Generator) -> str:
    """Modifiers in the usual order, then the noun; an English title may put its time and place behind the noun."""

    def one_of(phrases: Sequence[str]) -> str:
        return phrases[random.integers(len(phrases))]

    ordered = sorted(
        (theme for theme in about if theme.kind in TITLE_ORDER), key=lambda theme: TITLE_ORDER.index(theme.kind)
    )
    heads = [theme for theme in about if theme.kind not in TITLE_ORDER]
    if language == "ko":
        noun = " ".join(one_of(theme.ko) for theme in heads) or one_of(NOUNS["ko"])
        return " ".join([*(one_of(theme.ko) for theme in ordered), noun])
    noun = " ".join(one_of(theme.before) for theme in heads) or one_of(NOUNS["en"])
    behind = ordered[0] if ordered and ordered[0].after and random.random() < 0.45 else None
    front = [one_of(theme.before) for theme in ordered if theme is not behind]
    title = " ".join([*front, noun, *([one_of(behind.after)] if behind else [])])
    return title[0].upper() + title[1:]


def _tags(about: list[Theme], language: str, random: np.random.Generator) -> list[str]:
    """One or two hashtags a theme, in the title's language."""
    tags = []
    for theme in about:
        for spoken in ("ko", "en") if language == "both" else (language,):
            names = theme.tags[spoken]
            tags += [names[position] for position in random.permutation(len(names))[: random.integers(1, 3)]]
    return list(dict.fromkeys(tags))


def write_melon(folder: Path, count: int, seed: int) -> None:
    """Write `song_meta.json`, `genre_gn_all.json` and `train.json` as the Melon dataset spells them."""
    songs = read_songs()
    genres = sorted({genre for song in songs for genre in song.genres})
    codes = {genre: f"GN{100 * (position + 1):04d}" for position, genre in enumerate(genres)}
    meta = [
        {
            "id": song.song_id,
            "song_name": song.title,
            "artist_name_basket": list(song.artists),
            "song_gn_gnr_basket": [codes[genre] for genre in song.genres],
            "issue_date": f"{song.year}0101",
        }
        for song in songs
    ]
    playlists = compose(songs, read_themes(songs), count, seed)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {
        "song_meta.json": meta,
        "genre_gn_all.json": {code: genre for genre, code in codes.items()},
        "train.json": playlists,
    }.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
