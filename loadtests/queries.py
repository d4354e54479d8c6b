"""How long the database takes for each query of a request, and which index it uses.

python -m loadtests.queries [--database URL] [--rounds N]

Calls the catalogue as the service does, with random playlists, songs and artists, and asks the database to EXPLAIN
every statement that it saw. What it writes into the log of generations it removes again.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, delete, event
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, Generation, Opinion, connect
from aiplayer.catalogue.tables import UserLog
from aiplayer.errors import InvalidInput
from aiplayer.settings import Settings
from training.console import run_command

CONSOLE = Console(highlight=False)
# How many playlists are asked for in turn, and of how many of them songs and artists are taken.
SAMPLE = 2_000
PLAYLISTS_WITH_SONGS = 100
# What EXPLAIN of MySQL and MariaDB calls a scan of a whole table, or of a whole index.
FULL_SCANS = ("ALL", "index")
# The parameters of a statement, by place or by name, or those of each of its executions.
Parameters = Sequence[object] | Mapping[str, object]
# What the service asks in the course of one request.
WHOLE_REQUESTS = {
    "/similar": ("version", "3 playlists with songs"),
    "/recommend": ("version", "3 playlists with songs", "80 songs", "remember a generation"),
    "/recommend without 2 artists": (
        "version",
        "3 playlists with songs",
        "songs of 2 artists",
        "80 songs",
        "remember a generation",
    ),
    "/like": ("like",),
    "/feedback": ("feedback",),
}


@dataclass(frozen=True)
class Access:
    """How one table of one statement is read.

    Attributes:
        table: The table's name.
        index: The index that is used; None for a scan of the whole table.
        rows: How many rows are read, as the database estimates; None where it does not say.
    """

    table: str
    index: str | None
    rows: int | None = None


class Measurement(NamedTuple):
    """One call of the catalogue.

    Attributes:
        name: The call's name.
        times_ms: Milliseconds of each round.
        accesses: How the call's statements read their tables.
    """

    name: str
    times_ms: list[float]
    accesses: list[Access]


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, Parameters]]]:
    """Collects (statement, parameters) of everything that the engine executes meanwhile."""
    executed: list[tuple[str, Parameters]] = []

    def note(
        connection: Connection,
        cursor: object,
        statement: str,
        parameters: Parameters,
        context: object,
        executemany: bool,
    ) -> None:
        executed.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield executed
    finally:
        event.remove(engine, "before_cursor_execute", note)


def explain(engine: Engine, statement: str, parameters: Parameters) -> list[Access]:
    """Ask the database how it reads the tables of a statement.

    Args:
        engine: The database.
        statement: The SQL; an INSERT reads no table.
        parameters: The parameters of the statement.
    """
    if statement.startswith("INSERT"):
        return []
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return _explain_in_sqlite(connection, statement, parameters)
        return _explain_in_mysql(connection, statement, parameters)


def _explain_in_sqlite(connection: Connection, statement: str, parameters: Parameters) -> list[Access]:
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    accesses = []
    for row in plan:
        # E.g. SEARCH song_meta USING INTEGER PRIMARY KEY (rowid=?), or SCAN song_meta.
        method, *details = row.detail.split()
        if method == "SEARCH":
            table, *words = details
            accesses.append(Access(table, " ".join(words).removeprefix("USING ")))
        elif method == "SCAN":
            accesses.append(Access(details[0], None))
    return accesses


def _explain_in_mysql(connection: Connection, statement: str, parameters: Parameters) -> list[Access]:
    plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).mappings()
    accesses = []
    for row in plan:
        if row["table"]:
            index = None if row["type"] in FULL_SCANS else row["key"]
            accesses.append(Access(row["table"], index, row["rows"]))
    return accesses


class Requests:
    """The calls of one request each, with random arguments.

    Args:
        engine: A filled database.
        seed: The seed of the arguments.

    Raises:
        InvalidInput: the catalogue is empty.
    """

    def __init__(self, engine: Engine, seed: int = 0) -> None:
        self.engine = engine
        self.catalogue = Catalogue(engine)
        self.random = random.Random(seed)
        self.generations: list[UUID] = []

        titles = self.catalogue.titles()
        if not titles:
            raise InvalidInput("The database holds no playlists. Import some first.", code="empty_catalogue")
        sample = self.random.sample(titles, min(SAMPLE, len(titles)))
        self.playlist_ids = [playlist_id for playlist_id, _ in sample]

        self.song_ids = []
        self.artists = []
        for playlist in self.catalogue.playlists(self.playlist_ids[:PLAYLISTS_WITH_SONGS]):
            for song in playlist.songs:
                self.song_ids.append(song.song_id)
                self.artists.extend(song.artists)
        # Playlists may have no songs, and songs no artists; then what is asked for is not there.
        self.song_ids = self.song_ids or [0]
        self.artists = self.artists or ["nobody"]

    def calls(self) -> dict[str, Callable[[], object]]:
        """What the service asks of the database, by name."""
        catalogue = self.catalogue
        choices = self.random.choices
        return {
            "version": catalogue.version,
            "3 playlists with songs": self._read_playlists,
            "80 songs": lambda: catalogue.songs(choices(self.song_ids, k=80)),
            "songs of 2 artists": lambda: catalogue.songs_by(choices(self.artists, k=2)),
            "remember a generation": self._remember,
            "read a generation": lambda: catalogue.generation(self.generations[-1]),
            "keep a thumbnail's facts": lambda: catalogue.set_thumbnail(self.generations[-1], {"seeds": [1]}),
            "like": lambda: catalogue.set_liked(self.generations[-1], True),
            "feedback": self._edit,
        }

    def _read_playlists(self) -> object:
        playlist_ids = self.random.choices(self.playlist_ids, k=3)
        different_ids = list(dict.fromkeys(playlist_ids))
        return self.catalogue.playlists(different_ids)

    def _remember(self) -> None:
        songs = [
            {"song_id": song_id, "position": position, "score": 0.1, "source": "new"}
            for position, song_id in enumerate(self.song_ids[:20], start=1)
        ]
        generation = Generation("benchmark", self.playlist_ids[:3], songs, ["a", "b"])
        self.catalogue.remember([generation])
        self.generations.append(generation.generation_id)

    def _edit(self) -> None:
        songs = list(dict.fromkeys(self.random.choices(self.song_ids, k=20)))
        self.catalogue.set_opinion(self.generations[-1], Opinion(songs=songs))

    def clean_up(self) -> None:
        """Remove what was remembered."""
        remembered = UserLog.generation_id.in_(self.generations)
        with Session(self.engine) as session, session.begin():
            session.execute(delete(UserLog).where(remembered))


def measure(requests: Requests, rounds: int) -> Iterator[Measurement]:
    """Time every call, one after the other.

    Args:
        requests: What makes the calls.
        rounds: How often each call is timed.
    """
    for name, call in requests.calls().items():
        with statements(requests.engine) as executed:
            call()
        accesses = []
        for statement, parameters in executed:
            accesses.extend(explain(requests.engine, statement, parameters))

        times_ms = []
        for _ in range(rounds):
            start_s = time.perf_counter()
            call()
            times_ms.append((time.perf_counter() - start_s) * 1000)
        yield Measurement(name, times_ms, accesses)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.queries", description=__doc__.splitlines()[0])
    parser.add_argument("--database", metavar="URL", help="any SQLAlchemy URL; default: the service's own")
    parser.add_argument("--rounds", type=int, default=200, help="how often each is asked; default: 200")
    arguments = parser.parse_args()

    settings = Settings()
    url = arguments.database or settings.database_url.get_secret_value()
    requests = Requests(connect(url, settings.database_timeout_s))
    try:
        show(list(measure(requests, arguments.rounds)), CONSOLE)
    finally:
        requests.clean_up()


def show(measurements: Sequence[Measurement], console: Console) -> None:
    """Print a table of the calls, and of the requests that are made up of them."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("asked", "p50 ms", "p95 ms", "table", "index", "rows"):
        is_number = column in ("p50 ms", "p95 ms", "rows")
        table.add_column(column, justify="right" if is_number else "left")

    medians = {}
    for measurement in measurements:
        medians[measurement.name] = statistics.median(measurement.times_ms)
        _add_rows(table, measurement, medians[measurement.name])

    for request, names in WHOLE_REQUESTS.items():
        total_ms = sum(medians[name] for name in names)
        table.add_row(f"[bold]{request}[/], all of it", f"[bold]{total_ms:.1f}[/]")
    console.print(table)


def _add_rows(table: Table, measurement: Measurement, median_ms: float) -> None:
    """A row for each table that is read; the first of them names the call and its times."""
    p95_ms = statistics.quantiles(measurement.times_ms, n=20)[-1]
    head = (measurement.name, f"{median_ms:.1f}", f"{p95_ms:.1f}")
    for access in measurement.accesses or [Access("", "")]:
        index = "[red]none: reads all[/]" if access.index is None else access.index
        table.add_row(*head, access.table, index, str(access.rows or ""))
        head = ("", "", "")


if __name__ == "__main__":
    run_command(main)
