"""Imports a dataset in the Melon format: reads it as a stream, stages it in bulk, and puts it live at once."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, migrate
from aiplayer.catalogue.tables import CatalogueVersion, PlyMeta, SongArtist, SongInPly, SongMeta
from training.dataset import melon
from training.dataset.dirt import Dirt
from training.dataset.exportify import read_csv
from training.dataset.melon import SongRecord
from training.dataset.own import add_own, own_playlists
from training.dataset.rows import artist_rows, member_rows, playlist_row, song_row
from training.dataset.staging import ROWS_A_BATCH, Batch, Staging

# Part of the version: another number where the same files would give other rows.
FORMAT = 2
# The version of a catalogue that holds own playlists only.
NO_DATASET = "none"


class Progress:
    """Told how an import goes; this one says nothing."""

    def total(self, size: int) -> None:
        """How many bytes there are to read."""

    def advance(self, size: int) -> None:
        """So many more bytes were read."""

    def say(self, line: str) -> None:
        """Something that a person should know."""


def import_melon(folder: Path, engine: Engine, dirt: Dirt | None = None, progress: Progress | None = None) -> str:
    """Make the playlists of `folder` the catalogue; own playlists and the log of generations stay.

    Args:
        folder: Where the dataset's files are.
        engine: The database; its schema is brought up to date first.
        dirt: Told of everything that is wrong.
        progress: Told how it goes.

    Returns:
        The dataset's version: a digest of its files.

    Raises:
        InvalidInput: a file is missing or is not of this format, or another import is running.
    """
    dirt, progress = dirt or Dirt(), progress or Progress()
    version = dataset_version(folder)
    migrate(engine)
    if Catalogue(engine).dataset_version() == version:
        progress.say("The database holds this dataset already.")
        return version
    with Staging(engine, version) as staging:
        if staging.done:
            progress.say("Going on where an earlier import ended.")
        progress.total(sum(path.stat().st_size for path in _files(folder, melon.SONGS, melon.PLAYLISTS)))
        for batch in _batches(folder, dirt, progress):
            staging.add(batch)
        progress.say("Putting it in place ...")
        _publish(engine, staging, version)
        staging.drop()
    return version


def import_csv(path: Path, engine: Engine, dirt: Dirt | None = None, progress: Progress | None = None) -> None:
    """Add a creator's own playlists to the catalogue, in place of own ones of the same titles.

    Args:
        path: The table, as `training.dataset.exportify` describes it.
        engine: The database; its schema is brought up to date first.
        dirt: Told of everything that is wrong.
        progress: Told how many playlists there are.

    Raises:
        InvalidInput: the file cannot be read or names no songs.
    """
    playlists = read_csv(path, dirt or Dirt())
    (progress or Progress()).say(f"{path} holds {len(playlists):,} playlist{'s' if len(playlists) != 1 else ''}.")
    migrate(engine)
    with Session(engine) as session, session.begin():
        if session.scalar(select(CatalogueVersion.version)) is None:
            session.add(CatalogueVersion(version=NO_DATASET))
            session.flush()
        add_own(session, playlists)


def dataset_version(folder: Path) -> str:
    """A digest of the dataset's files.

    Raises:
        InvalidInput: the folder has no playlists.
    """
    melon.require_playlists(folder)
    digest = hashlib.sha256(str(FORMAT).encode())
    for path in _files(folder, melon.SONGS, melon.GENRES, melon.PLAYLISTS):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]


def _files(folder: Path, *names: str) -> list[Path]:
    return [path for name in names if (path := melon.find_file(folder, name))]


def _batches(folder: Path, dirt: Dirt, progress: Progress) -> Iterator[Batch]:
    """Everything to insert, in the same order every time."""
    known = set()
    for songs in _parts(melon.read_songs(folder, dirt, progress.advance)):
        known.update(song.song_id for song in songs)
        yield Batch(SongMeta.__tablename__, list(map(song_row, songs)))
        if artists := [row for song in songs for row in artist_rows(song)]:
            yield Batch(SongArtist.__tablename__, artists)
    by_number = not melon.find_file(folder, melon.SONGS)
    if by_number:
        progress.say(f"{folder} has no {melon.SONGS}.json: its songs are known by number only.")
    for playlists in _parts(melon.read_playlists(folder, dirt, progress.advance, None if by_number else known)):
        yield Batch(PlyMeta.__tablename__, list(map(playlist_row, playlists)))
        if by_number:
            numbers = sorted({song_id for playlist in playlists for song_id in playlist.songs} - known)
            known.update(numbers)
            songs = [SongRecord(song_id, "", [], [], None) for song_id in numbers]
            yield from (Batch(SongMeta.__tablename__, list(map(song_row, part))) for part in _parts(songs))
        members = (row for playlist in playlists for row in member_rows(playlist))
        yield from (Batch(SongInPly.__tablename__, rows) for rows in _parts(members))


def _parts(rows: Iterable) -> Iterator[list]:
    """Lists of at most ROWS_A_BATCH rows."""
    part = []
    for row in rows:
        part.append(row)
        if len(part) == ROWS_A_BATCH:
            yield part
            part = []
    if part:
        yield part


def _publish(engine: Engine, staging: Staging, version: str) -> None:
    """Replace the live catalogue in one transaction."""
    with Session(engine) as session, session.begin():
        own = own_playlists(session)
        staging.publish(session.connection())
        session.execute(delete(CatalogueVersion))
        session.add(CatalogueVersion(version=version))
        session.flush()
        add_own(session, own)
