"""Keeps the database as a file, and fills an empty database from it.

python -m infra.backup save --out backups
python -m infra.backup restore --file backups/aiplayer-2026-11-30T04-00-00Z.sql.gz

It is the database of the settings (`AIPLAYER_DATABASE_URL`): MySQL and MariaDB by their own programs `mysqldump` and
`mysql`, SQLite by its own copying. The service may go on meanwhile; what is kept is of one moment.
"""

import argparse
import gzip
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from aiplayer.catalogue import connect
from aiplayer.errors import InvalidInput, Unavailable
from aiplayer.files import whole_file
from aiplayer.settings import Settings
from training.console import run_command

DUMPERS, CLIENTS = ("mysqldump", "mariadb-dump"), ("mysql", "mariadb")
# The last line of a dump that was not broken off.
COMPLETED = b"-- Dump completed"
SQLITE, MYSQL = "sqlite", "mysql"
SUFFIXES = {SQLITE: ".db.gz", MYSQL: ".sql.gz"}
# The file holds what creators typed.
OWNER_ALONE = 0o600


def save(url: URL, folder: Path) -> Path:
    """Keep a database as a file that is whole or not there.

    Args:
        url: The database.
        folder: Where the file is put; its name tells the moment.

    Returns:
        The file.

    Raises:
        InvalidInput: it is no database of a kind that can be kept.
        Unavailable: the database or a program refuses.
    """
    suffix = SUFFIXES[_kind(url)]
    file = folder / f"aiplayer-{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}{suffix}"
    with whole_file(file) as draft:
        os.close(os.open(draft, os.O_CREAT | os.O_WRONLY, OWNER_ALONE))
        with gzip.open(draft, "wb") as packed:
            if _kind(url) == SQLITE:
                _copy_sqlite(url, packed)
            else:
                _dump(url, packed)
    return file


def restore(url: URL, file: Path) -> None:
    """Fill an empty database from a file that `save` has written.

    Args:
        url: The database.
        file: The file.

    Raises:
        InvalidInput: the file is of another kind of database or is not whole, or the database is not empty.
        Unavailable: the database or a program refuses.
    """
    kind = _kind(url)
    if not file.name.endswith(SUFFIXES[kind]):
        raise InvalidInput(f"{file.name} is not of this kind of database: its name has to end with {SUFFIXES[kind]}.")
    _check_whole(file, kind)
    _check_empty(url)
    with gzip.open(file) as packed:
        if kind == SQLITE:
            with whole_file(Path(url.database or "")) as draft, draft.open("wb") as plain:
                shutil.copyfileobj(packed, plain)
        else:
            _fill(url, packed)


def _kind(url: URL) -> str:
    kind = {"sqlite": SQLITE, "mysql": MYSQL, "mariadb": MYSQL}.get(url.get_backend_name())
    if kind is None or not url.database:
        raise InvalidInput(f"A database of {url.get_backend_name()} cannot be kept. Use SQLite, MySQL or MariaDB.")
    return kind


def _check_whole(file: Path, kind: str) -> None:
    """Read a file to its end, which tells whether it was damaged or broken off."""
    end = b""
    try:
        with gzip.open(file) as packed:
            while read := packed.read(1 << 20):
                end = (end + read)[-200:]
    except (OSError, zlib.error) as error:
        raise InvalidInput(f"{file} cannot be read: {error}. Take another one.") from error
    except EOFError as error:
        raise InvalidInput(f"{file} was broken off. Take another one.") from error
    if kind == MYSQL and COMPLETED not in end:
        raise InvalidInput(f"{file} was broken off: its last line is missing. Take another one.")


def _check_empty(url: URL) -> None:
    engine = connect(url.render_as_string(hide_password=False))
    try:
        tables = inspect(engine).get_table_names()
    except SQLAlchemyError as error:
        raise Unavailable(f"The database cannot be asked: {type(error).__name__}. Is it there, and may you?") from error
    finally:
        engine.dispose()
    if tables:
        raise InvalidInput(
            f"The database {Path(url.database or '').name} is not empty: it has {len(tables)} tables. Make an empty "
            "one, restore into that, and have AIPLAYER_DATABASE_URL name it."
        )


def _copy_sqlite(url: URL, packed: gzip.GzipFile) -> None:
    source = Path(url.database or "")
    if not source.exists():
        raise InvalidInput(f"There is no database {source}.")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
        with copy.open("rb") as plain:
            shutil.copyfileobj(plain, packed)


def _dump(url: URL, packed: gzip.GzipFile) -> None:
    with _login(url) as login:
        # One moment of all tables, without holding anybody up.
        command = [_program(*DUMPERS), login, "--single-transaction", "--quick", "--hex-blob", "--no-tablespaces"]
        with subprocess.Popen([*command, str(url.database)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as dumping:
            assert dumping.stdout is not None
            shutil.copyfileobj(dumping.stdout, packed)
            _check_ended(dumping)


def _fill(url: URL, packed: gzip.GzipFile) -> None:
    with _login(url) as login:
        command = [_program(*CLIENTS), login, str(url.database)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as filling:
            assert filling.stdin is not None
            try:
                shutil.copyfileobj(packed, filling.stdin)
                filling.stdin.close()
            except BrokenPipeError:
                # It has ended, and says why.
                pass
            _check_ended(filling)


def _check_ended(process: "subprocess.Popen[bytes]") -> None:
    assert process.stderr is not None
    said = process.stderr.read().decode(errors="replace").strip()
    if process.wait():
        raise Unavailable(f"The database refuses: {said.splitlines()[-1] if said else 'no reason was given'}.")


@contextmanager
def _login(url: URL) -> Iterator[str]:
    """The option by which a program of MySQL logs in, from a file, for all may read a command line."""
    socket = url.query.get("unix_socket")
    values = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, "socket": socket}
    quoted = {name: str(value).replace("\\", "\\\\").replace('"', '\\"') for name, value in values.items() if value}
    with tempfile.NamedTemporaryFile("w", suffix=".cnf", encoding="utf-8") as file:
        file.write("[client]\n" + "".join(f'{name}="{value}"\n' for name, value in quoted.items()))
        file.flush()
        yield f"--defaults-extra-file={file.name}"


def _program(*names: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    raise Unavailable(f"There is no {names[0]}. Install MySQL's client programs (apt install default-mysql-client).")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.backup", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    saving = commands.add_parser("save", help="keep the database as a file")
    saving.add_argument("--out", type=Path, default=Path("backups"), help="folder (default backups/)")
    restoring = commands.add_parser("restore", help="fill an empty database from a file")
    restoring.add_argument("--file", type=Path, required=True)
    arguments = parser.parse_args()

    url = make_url(Settings().database_url.get_secret_value())
    if arguments.command == "save":
        print(save(url, arguments.out))
    else:
        restore(url, arguments.file)
        print("restored; start the service with it, or `make setup` first where its models are of another catalogue")


if __name__ == "__main__":
    run_command(main)
