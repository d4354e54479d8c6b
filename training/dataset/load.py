"""Imports a dataset in the Melon format: reads it as a stream, stages it in bulk, and puts it live at once."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from aiplayer.catalogue import migrate
from aiplayer.catalogue.staging import ROWS_A_BATCH, Batch, Staging
from aiplayer.catalogue.tables import OWN_IDS_FROM, CatalogueVersion, PlyMeta, SongArtist, SongInPly, SongMeta
from aiplayer.errors import InvalidInput
from training.dataset import melon
from training.dataset.dirt import Dirt, summary
from training.dataset.exportify import read_csv
from training.dataset.melon import PlaylistRecord, SongRecord
from training.dataset.own import OwnPlaylist, add_own, known_artists, own_playlists
from training.dataset.rows import artist_rows, member_rows, playlist_row, song_row

# Part of the version: another number where the same files would give other rows.
FORMAT = 4
# A file of whose records less than this share can be used is damaged.
SMALLEST_USABLE_SHARE = 0.5
# The version of a catalogue that holds own playlists only.
NO_DATASET = "none"

Row = TypeVar("Row")


class Progress:
    """The progress of an import; this class says nothing, and others show it."""

    def total(self, size: int) -> None:
        """Begin: so many bytes are to be read."""

    def advance(self, size: int) -> None:
        """Go on: so many more bytes were read."""

    def say(self, line: str) -> None:
        """Tell a person something that they should know."""


def import_melon(
    folder: Path,
    engine: Engine,
    dirt: Dirt | None = None,
    progress: Progress | None = None,
    keep_what_can_be_read: bool = False,
) -> str:
    """Make the playlists of a folder the catalogue; own playlists and the log of generations stay.

    Args:
        folder: The folder of the dataset's files.
        engine: The database; its schema is brought up to date first.
        dirt: Collects everything that is wrong.
        progress: Shows how far the import is.
        keep_what_can_be_read: Of a damaged file, take what is left.

    Returns:
        The dataset's version: a digest of its files.

    Raises:
        InvalidInput: a file is missing, is not of this format or is damaged, no playlist has a song, or another
            import is running. The catalogue is as it was.
    """
    dirt = dirt or Dirt()
    progress = progress or Progress()
    version = dataset_version(folder)
    migrate(engine)
    if _holds(engine, version):
        progress.say("The database holds this dataset already.")
        return version

    with Staging(engine, version) as staging:
        if staging.batches_committed:
            progress.say("Going on where an earlier import ended.")
        row_counts = _stage(folder, staging, dirt, progress)
        if not row_counts[SongInPly.__tablename__]:
            staging.drop()
            raise _no_playlists(folder, dirt)
        if not keep_what_can_be_read:
            _require_undamaged(row_counts[PlyMeta.__tablename__], dirt)

        progress.say("Putting it in place ...")
        _publish(engine, staging, version)
        staging.drop()
    return version


def _stage(folder: Path, staging: Staging, dirt: Dirt, progress: Progress) -> Counter[str]:
    """Read the dataset into the staging tables; how many rows each of them has."""
    files = _files(folder, melon.SONGS, melon.PLAYLISTS)
    progress.total(sum(path.stat().st_size for path in files))

    row_counts: Counter[str] = Counter()
    for batch in _batches(folder, dirt, progress):
        staging.add(batch)
        row_counts[batch.table] += len(batch.rows)
    return row_counts


def _holds(engine: Engine, version: str) -> bool:
    """Say whether the catalogue is this dataset, with a playlist at least."""
    a_playlist = select(PlyMeta.ply_id).where(PlyMeta.ply_id < OWN_IDS_FROM).limit(1)
    with Session(engine) as session:
        held_version = session.scalar(select(CatalogueVersion.version))
        return held_version == version and session.scalar(a_playlist) is not None


def _no_playlists(folder: Path, dirt: Dirt) -> InvalidInput:
    """Make the error of a dataset without any playlist that has a song."""
    file = melon.require_playlists(folder).name
    findings = summary(dirt.counts_by_file[file]) or "it holds none that has a song"
    return InvalidInput(
        f"No playlist of {folder} could be used: {findings}. The catalogue stays as it is. "
        "Give a folder in the Melon format, as docs/data.md describes it.",
        code="bad_dataset",
    )


def _require_undamaged(playlist_count: int, dirt: Dirt) -> None:
    """Refuse a dataset of which a file is cut off, or of whose playlists most cannot be used."""
    if finding := dirt.examples.get("truncated_file"):
        file = finding.file
        damage = f"is damaged at record {finding.record:,}: {finding.detail}"
    elif playlist_count < SMALLEST_USABLE_SHARE * dirt.place.record:
        file = dirt.place.file
        damage = f"is damaged: {playlist_count:,} of its {dirt.place.record:,} records can be used"
    else:
        return

    raise InvalidInput(
        f"{file} {damage} ({summary(dirt.counts_by_file[file])}). The catalogue stays as it is. "
        "Fetch the file again, or take what can be read with --keep-what-can-be-read.",
        code="damaged_dataset",
    )


def import_csv(
    paths: Path | Sequence[Path], engine: Engine, dirt: Dirt | None = None, progress: Progress | None = None
) -> None:
    """Add a creator's own playlists to the catalogue, in place of own ones of the same titles.

    All files are added, or none. Playlists of one title in several files become one.

    Args:
        paths: The tables, as `training.dataset.exportify` describes them.
        engine: The database; its schema is brought up to date first.
        dirt: Collects everything that is wrong.
        progress: Says how many playlists there are.

    Raises:
        InvalidInput: a file cannot be read or names no songs.
    """
    dirt = dirt or Dirt()
    progress = progress or Progress()
    migrate(engine)
    with Session(engine) as session, session.begin():
        playlists = _read_tables([paths] if isinstance(paths, Path) else paths, session, dirt, progress)
        if session.scalar(select(CatalogueVersion.version)) is None:
            session.add(CatalogueVersion(version=NO_DATASET))
            session.flush()
        add_own(session, playlists)


def _read_tables(paths: Sequence[Path], session: Session, dirt: Dirt, progress: Progress) -> list[OwnPlaylist]:
    """Read the playlists of several tables; those of one title become one."""
    playlists: dict[int, OwnPlaylist] = {}
    for path in paths:
        new_playlists = read_csv(path, dirt, partial(known_artists, session))
        noun = "playlist" if len(new_playlists) == 1 else "playlists"
        progress.say(f"{path} holds {len(new_playlists):,} {noun}.")

        for playlist in new_playlists:
            if playlist.own_id in playlists:
                progress.say(f"{path}: another file holds a playlist of the same title; both become one.")
                playlist = playlists[playlist.own_id].joined_with(playlist)
            playlists[playlist.own_id] = playlist
    return list(playlists.values())


def dataset_version(folder: Path) -> str:
    """Digest the dataset's files, 12 hexadecimal digits.

    Raises:
        InvalidInput: the folder has no playlists, or is a file.
    """
    if folder.is_file():
        raise InvalidInput(
            f"{folder} is a file. Give the folder that holds it: a dataset is {melon.PLAYLISTS}.json, and "
            f"{melon.SONGS}.json beside it.",
            code="bad_dataset",
        )
    melon.require_playlists(folder)
    digest = hashlib.sha256(str(FORMAT).encode())
    for path in _files(folder, melon.SONGS, melon.GENRES, melon.PLAYLISTS):
        with path.open("rb") as file:
            file_digest = hashlib.file_digest(file, "sha256")
        digest.update(file_digest.digest())
    return digest.hexdigest()[:12]


def _files(folder: Path, *names: str) -> list[Path]:
    """Find the files of these names that the folder has."""
    paths = [melon.find_file(folder, name) for name in names]
    return [path for path in paths if path]


def _batches(folder: Path, dirt: Dirt, progress: Progress) -> Iterator[Batch]:
    """Read everything to insert, in the same order every time."""
    song_ids: set[int] = set()
    yield from _song_batches(folder, dirt, progress, song_ids)

    songs_are_described = melon.find_file(folder, melon.SONGS) is not None
    if songs_are_described:
        playlists = melon.read_playlists(folder, dirt, progress.advance, song_ids)
    else:
        progress.say(f"{folder} has no {melon.SONGS}.json: its songs are known by number only.")
        playlists = melon.read_playlists(folder, dirt, progress.advance, None)

    for part in _parts(playlists):
        yield Batch(PlyMeta.__tablename__, [playlist_row(playlist) for playlist in part])
        if not songs_are_described:
            yield from _nameless_song_batches(part, song_ids)
        members = (row for playlist in part for row in member_rows(playlist))
        for rows in _parts(members):
            yield Batch(SongInPly.__tablename__, rows)


def _song_batches(folder: Path, dirt: Dirt, progress: Progress, song_ids: set[int]) -> Iterator[Batch]:
    """Read the songs and their artists; the songs' ids join `song_ids`."""
    for songs in _parts(melon.read_songs(folder, dirt, progress.advance)):
        song_ids.update(song.song_id for song in songs)
        yield Batch(SongMeta.__tablename__, [song_row(song) for song in songs])

        artists = [row for song in songs for row in artist_rows(song)]
        if artists:
            yield Batch(SongArtist.__tablename__, artists)


def _nameless_song_batches(playlists: Iterable[PlaylistRecord], song_ids: set[int]) -> Iterator[Batch]:
    """Make songs of the numbers in playlists that are new; they join `song_ids`."""
    numbers = {song_id for playlist in playlists for song_id in playlist.songs}
    new_numbers = sorted(numbers - song_ids)
    song_ids.update(new_numbers)

    songs = [SongRecord(song_id, "", [], [], None) for song_id in new_numbers]
    for part in _parts(songs):
        yield Batch(SongMeta.__tablename__, [song_row(song) for song in part])


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Gather lists of at most ROWS_A_BATCH rows."""
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
