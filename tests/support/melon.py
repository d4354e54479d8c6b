"""Datasets in the Melon format: a small one made by hand, and one of any size."""

import gzip
import json
from pathlib import Path

SONGS = [
    {
        "id": 0,
        "song_name": "밤편지",
        "artist_name_basket": ["아이유"],
        "song_gn_gnr_basket": ["GN0100"],
        "issue_date": "20170324",
    },
    {
        "id": 1,
        "song_name": "Take Five",
        "artist_name_basket": ["Dave Brubeck", "dave brubeck"],
        "song_gn_gnr_basket": ["GN1700", "GN9999"],
        "issue_date": "19590000",
    },
    {"id": 2, "song_name": "?", "artist_name_basket": ["?"], "song_gn_gnr_basket": [], "issue_date": "00000000"},
]
GENRES = {"GN0100": "발라드", "GN1700": "재즈"}
PLAYLISTS = [
    {
        "id": 42,
        "plylst_title": "밤의 재즈 🌙",
        "tags": ["재즈", "밤"],
        "songs": [1, 0, 99],
        "like_cnt": 8,
        "updt_date": "2019-02-18 13:52:30.000",
    },
    {"id": 43, "plylst_title": "빈 날짜", "tags": [], "songs": [2], "like_cnt": 0, "updt_date": ""},
]


def write_dataset(folder: Path, **files: list | dict) -> Path:
    """Write files of the Melon format, gzipped, and return their folder.

    Args:
        folder: Where to write; it is made where it is missing.
        files: The contents by name, without the ending: train, song_meta, genre_gn_all.
    """
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        with gzip.open(folder / f"{name}.json.gz", "wt", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
    return folder


def make_dataset(count: int) -> dict[str, list | dict]:
    """Make the files of a dataset of so many playlists and songs; each playlist holds two songs."""
    songs = []
    playlists = []
    for number in range(count):
        song = {"id": number, "song_name": f"song {number}", "artist_name_basket": [f"a{number}"]}
        songs.append(SONGS[0] | song)
        playlists.append(PLAYLISTS[0] | {"id": number, "songs": [number, (number + 1) % count]})
    return {"song_meta": songs, "genre_gn_all": GENRES, "train": playlists}
