"""A dataset as two data frames, for everything that looks at all of it at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import polars as pl
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from aiplayer.catalogue.tables import PlyMeta, SongInPly, SongMeta
from aiplayer.errors import InvalidInput
from aiplayer.files import whole_file
from training.dataset import melon
from training.dataset.dirt import Dirt

# Names of columns, and what they hold.
Columns = Mapping[str, pl.DataType | type[pl.DataType]]

PLAYLIST_COLUMNS: Columns = {
    "playlist_id": pl.Int64,
    "title": pl.String,
    "tags": pl.List(pl.String),
    "songs": pl.List(pl.Int64),
    "likes": pl.Int64,
    "updated": pl.Datetime("ms"),
}
SONG_COLUMNS: Columns = {
    "song_id": pl.Int64,
    "name": pl.String,
    "artists": pl.List(pl.String),
    "genres": pl.List(pl.String),
    "issued": pl.Date,
    "country": pl.String,
}
RECORDS_A_FRAME = 10_000


@dataclass(frozen=True)
class Dataset:
    """Playlists and songs; "" and null mean unknown.

    Attributes:
        playlists: A frame with the columns PLAYLIST_COLUMNS.
        songs: A frame with the columns SONG_COLUMNS; empty where the dataset says nothing about its songs.
    """

    playlists: pl.DataFrame
    songs: pl.DataFrame

    def entries(self) -> pl.DataFrame:
        """List one row for each song in each playlist: playlist_id, song_id."""
        songs = self.playlists.select("playlist_id", song_id="songs")
        return songs.explode("song_id").drop_nulls("song_id")

    def tag_entries(self) -> pl.DataFrame:
        """List one row for each tag of each playlist: playlist_id, tag."""
        tags = self.playlists.select("playlist_id", tag="tags")
        return tags.explode("tag").drop_nulls("tag")


def read_melon(folder: Path, dirt: Dirt | None = None, advance: Callable[[int], None] = lambda size: None) -> Dataset:
    """Read a folder in the Melon format; the same records that an import takes.

    Args:
        folder: The folder of the dataset's files.
        dirt: Collects what is wrong.
        advance: Receives the number of bytes that were read since its last call.

    Raises:
        InvalidInput: the folder has no playlists, or a file is not of the format.
    """
    dirt = dirt or Dirt()
    songs = _frame(melon.read_songs(folder, dirt, advance), SONG_COLUMNS)
    song_ids = set(songs["song_id"].to_list()) if melon.find_file(folder, melon.SONGS) else None
    playlists = _frame(melon.read_playlists(folder, dirt, advance, song_ids), PLAYLIST_COLUMNS)
    return Dataset(playlists, songs)


def read_playlists(path: Path, dirt: Dirt | None = None) -> pl.DataFrame:
    """Read the playlists (PLAYLIST_COLUMNS) of one file, such as an arena's questions; every song id is taken.

    Args:
        path: The file, plain or packed.
        dirt: Collects what is wrong.

    Raises:
        InvalidInput: there is no such file, or it is not of the format.
    """
    records = melon.read_playlists(path, dirt or Dirt(), lambda size: None, None)
    return _frame(records, PLAYLIST_COLUMNS)


def read_songs(path: Path) -> pl.DataFrame:
    """Read the songs (SONG_COLUMNS) of one file of metadata.

    Raises:
        InvalidInput: there is no such file, or it is not of the format.
    """
    if not path.is_file():
        raise InvalidInput(
            f"There is no file {path}. Give a file of songs in the Melon format.", code="missing_dataset"
        )
    records = melon.read_songs(path, Dirt(), lambda size: None)
    return _frame(records, SONG_COLUMNS)


def read_catalogue(engine: Engine) -> Dataset:
    """Read what the database holds; songs whose number alone is known are left out of `songs`."""
    entries = select(SongInPly.ply_id.label("playlist_id"), SongInPly.song_id.label("songs"))
    entries = entries.order_by(SongInPly.ply_id, SongInPly.position)
    playlists = select(
        PlyMeta.ply_id.label("playlist_id"),
        PlyMeta.plylst_title.label("title"),
        PlyMeta.tags,
        PlyMeta.like_cnt.label("likes"),
        PlyMeta.updt_date.label("updated"),
    )
    songs = select(
        SongMeta.song_id,
        SongMeta.song_name.label("name"),
        SongMeta.artists,
        SongMeta.genres,
        SongMeta.issue_date.label("issued"),
        SongMeta.country,
    ).where(SongMeta.song_name != "")
    columns_without_songs = {name: kind for name, kind in PLAYLIST_COLUMNS.items() if name != "songs"}

    with Session(engine, execution_options={"yield_per": RECORDS_A_FRAME}) as session:
        entry_frame = _frame(session.execute(entries), {"playlist_id": pl.Int64, "songs": pl.Int64})
        song_lists = entry_frame.group_by("playlist_id", maintain_order=True).agg("songs")
        playlist_frame = _frame(session.execute(playlists), columns_without_songs)
        song_frame = _frame(session.execute(songs), SONG_COLUMNS)

    whole_playlists = playlist_frame.join(song_lists, on="playlist_id", how="left").select(*PLAYLIST_COLUMNS)
    return Dataset(whole_playlists.with_columns(pl.col("songs").fill_null([])), song_frame)


def write_melon(dataset: Dataset, folder: Path) -> None:
    """Write a dataset in the Melon format: `train.json` and, where it describes songs, `song_meta.json`."""
    playlists = dataset.playlists.select(
        id="playlist_id",
        plylst_title="title",
        tags="tags",
        songs="songs",
        like_cnt="likes",
        updt_date=pl.col("updated").dt.strftime("%Y-%m-%d %H:%M:%S%.3f").fill_null(""),
    )
    _write_json(playlists, folder / f"{melon.PLAYLISTS}.json")

    if dataset.songs.height:
        songs = dataset.songs.select(
            id="song_id",
            song_name="name",
            artist_name_basket="artists",
            song_gn_gnr_basket="genres",
            issue_date=pl.col("issued").dt.strftime("%Y%m%d").fill_null(""),
            country="country",
        )
        _write_json(songs, folder / f"{melon.SONGS}.json")


def _write_json(frame: pl.DataFrame, path: Path) -> None:
    with whole_file(path) as draft:
        frame.write_json(draft)


def _frame(records: Iterable[object], columns: Columns) -> pl.DataFrame:
    """Gather records that have these attributes in a frame; few of them are ever held as Python objects."""
    read_values = attrgetter(*columns)
    frames = []
    rows = []
    for record in records:
        rows.append(read_values(record))
        if len(rows) == RECORDS_A_FRAME:
            frames.append(pl.DataFrame(rows, schema=columns, orient="row"))
            rows = []

    last_frame = pl.DataFrame(rows, schema=columns, orient="row")
    return pl.concat([*frames, last_frame])
