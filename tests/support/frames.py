"""Data frames of playlists and songs, made by hand."""

from collections.abc import Iterable
from datetime import date, datetime

import polars as pl

from training.dataset.frames import PLAYLIST_COLUMNS, SONG_COLUMNS, Dataset


def playlist(
    songs: Iterable[int],
    title: str = "",
    tags: Iterable[str] = (),
    likes: int = 0,
    updated: datetime | None = None,
    playlist_id: int = 0,
) -> dict:
    return {
        "playlist_id": playlist_id,
        "title": title,
        "tags": list(tags),
        "songs": list(songs),
        "likes": likes,
        "updated": updated,
    }


def song(
    song_id: int,
    name: str = "밤편지",
    artists: Iterable[str] = ("아이유",),
    genres: Iterable[str] = ("발라드",),
    issued: date | None = date(2017, 3, 24),
) -> dict:
    return {"song_id": song_id, "name": name, "artists": list(artists), "genres": list(genres), "issued": issued}


def dataset(playlists: Iterable[dict], songs: Iterable[dict] = ()) -> Dataset:
    return Dataset(
        pl.DataFrame(list(playlists), schema=PLAYLIST_COLUMNS), pl.DataFrame(list(songs), schema=SONG_COLUMNS)
    )
