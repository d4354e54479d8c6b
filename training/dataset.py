"""Reads playlists in the Melon format into the database.

    python -m training.dataset import --melon DIR [--database URL]

DIR holds `train.json`, `song_meta.json` and `genre_gn_all.json`, each plain or gzipped.
"""

import argparse
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, delete, insert
from sqlalchemy.orm import Session

from aiplayer.catalogue import connect, migrate
from aiplayer.catalogue.store import artist_key
from aiplayer.catalogue.tables import CatalogueVersion, PlyMeta, SongArtist, SongInPly, SongMeta
from aiplayer.errors import InvalidInput
from aiplayer.settings import Settings
from training.console import run_command

ROWS_A_STATEMENT = 2_000


def import_melon(folder: Path, engine: Engine, report: Callable[[str], None] = lambda line: None) -> str:
    """Replace the catalogue by the playlists of `folder`, all or nothing; the log of generations stays.

    Args:
        folder: Where the three files are.
        engine: The database; its schema is brought up to date first.
        report: Told what is being done.

    Returns:
        The catalogue's version: a digest of what was read.

    Raises:
        InvalidInput: a file is missing or is not JSON.
    """
    digest = hashlib.sha256()
    songs, genres, playlists = (_read(folder, name, digest) for name in ("song_meta", "genre_gn_all", "train"))
    version = digest.hexdigest()[:12]
    known = {song["id"] for song in songs}
    migrate(engine)
    with Session(engine) as session, session.begin():
        for table in (SongInPly, SongArtist, PlyMeta, SongMeta, CatalogueVersion):
            session.execute(delete(table))
        report(f"{len(songs):,} songs")
        _insert(session, SongMeta, (_song_row(song, genres) for song in songs))
        _insert(session, SongArtist, (row for song in songs for row in _artist_rows(song)))
        report(f"{len(playlists):,} playlists")
        _insert(session, PlyMeta, map(_playlist_row, playlists))
        _insert(session, SongInPly, (row for playlist in playlists for row in _member_rows(playlist, known)))
        session.add(CatalogueVersion(version=version))
    return version


def _read(folder: Path, name: str, digest) -> list | dict:
    """Parse `name`.json or `name`.json.gz and add its bytes to the digest."""
    for path, opener in ((folder / f"{name}.json", open), (folder / f"{name}.json.gz", gzip.open)):
        if path.exists():
            with opener(path, "rb") as file:
                content = file.read()
            digest.update(content)
            try:
                return json.loads(content)
            except ValueError as error:
                raise InvalidInput(f"{path} is not JSON: {error}", code="bad_dataset") from error
    raise InvalidInput(f"{folder} has no {name}.json and no {name}.json.gz.", code="missing_dataset")


def _insert(session: Session, table, rows: Iterable[dict]) -> None:
    """Insert in statements of a bounded size."""
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_A_STATEMENT:
            session.execute(insert(table), batch)
            batch = []
    if batch:
        session.execute(insert(table), batch)


def _song_row(song: dict, genres: dict[str, str]) -> dict:
    return {
        "song_id": song["id"],
        "song_name": song["song_name"],
        "artists": song["artist_name_basket"],
        "genres": [genres.get(code, code) for code in song["song_gn_gnr_basket"]],
        "issue_date": _issue_date(song["issue_date"]),
    }


def _issue_date(text: str) -> date | None:
    """`YYYYMMDD`; the dataset writes zeros for an unknown month or day, and for an unknown year."""
    try:
        return date(int(text[:4]), int(text[4:6]) or 1, int(text[6:8]) or 1)
    except ValueError:
        return None


def _artist_rows(song: dict) -> list[dict]:
    keys = dict.fromkeys(map(artist_key, song["artist_name_basket"]))
    return [{"artist_key": key, "song_id": song["id"]} for key in keys]


def _playlist_row(playlist: dict) -> dict:
    return {
        "ply_id": playlist["id"],
        "plylst_title": playlist["plylst_title"],
        "tags": playlist["tags"],
        "like_cnt": playlist["like_cnt"],
        "updt_date": datetime.fromisoformat(playlist["updt_date"]) if playlist["updt_date"] else None,
    }


def _member_rows(playlist: dict, known: set[int]) -> list[dict]:
    songs = [song_id for song_id in playlist["songs"] if song_id in known]
    return [
        {"ply_id": playlist["id"], "position": position, "song_id": song_id} for position, song_id in enumerate(songs)
    ]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.dataset", description=__doc__.splitlines()[0])
    command = parser.add_subparsers(required=True, metavar="import").add_parser("import", help="fill the database")
    command.add_argument("--melon", type=Path, required=True, metavar="DIR", help="folder of the dataset")
    command.add_argument("--database", metavar="URL", help="any SQLAlchemy URL; default: the service's own")
    arguments = parser.parse_args()
    settings = Settings()
    url = arguments.database or settings.database_url.get_secret_value()
    version = import_melon(arguments.melon, connect(url, settings.database_timeout_s), report=print)
    print(f"The catalogue is now version {version}.")


if __name__ == "__main__":
    run_command(main)
