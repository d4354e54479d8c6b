"""How long the database takes for each query of a request, and which index it uses.

python -m loadtests.queries [--database URL] [--rounds N]

Calls the catalogue as the service does, with random playlists, songs and artists, and asks the database to EXPLAIN
every statement that it saw. What it writes into the log of generations it removes again.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, delete, event
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, Generation, connect
from aiplayer.catalogue.tables import UserLog
from aiplayer.errors import InvalidInput
from aiplayer.settings import Settings
from training.console import run_command

CONSOLE = Console(highlight=False)
SAMPLE = 2_000
FULL_SCANS = ("ALL", "index")
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
}


@dataclass(frozen=True)
class Access:
    """How one table of one statement is read: the index, None for a scan of the whole table, and of how many rows."""

    table: str
    index: str | None
    rows: int | None = None


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, object]]]:
    """Collects (statement, parameters) of everything that the engine executes meanwhile."""
    seen = []

    def note(connection, cursor, statement, parameters, context, executemany) -> None:
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def explain(engine: Engine, statement: str, parameters: object) -> list[Access]:
    """Ask the database how it reads the tables of a statement; an INSERT reads none."""
    if statement.startswith("INSERT"):
        return []
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return [_sqlite_access(row.detail) for row in plan if row.detail.startswith(("SEARCH", "SCAN"))]
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).mappings()
        return [
            Access(row["table"], None if row["type"] in FULL_SCANS else row["key"], row["rows"])
            for row in plan
            if row["table"]
        ]


def _sqlite_access(detail: str) -> Access:
    """E.g. SEARCH song_meta USING INTEGER PRIMARY KEY (rowid=?)."""
    how, table, *rest = detail.split()
    return Access(table, " ".join(rest).removeprefix("USING ") if how == "SEARCH" else None)


class Requests:
    """The calls of one request each, with random arguments.

    Args:
        engine: A filled database.

    Raises:
        InvalidInput: the catalogue is empty.
    """

    def __init__(self, engine: Engine, seed: int = 0):
        self.engine = engine
        self.catalogue = Catalogue(engine)
        self.random = random.Random(seed)
        self.generations = []
        titles = self.catalogue.titles()
        if not titles:
            raise InvalidInput("The database holds no playlists. Import some first.", code="empty_catalogue")
        self.playlist_ids = [id for id, _ in self.random.sample(titles, min(SAMPLE, len(titles)))]
        few = self.catalogue.playlists(self.playlist_ids[:100])
        songs = [song for playlist in few for song in playlist.songs]
        self.song_ids = [song.song_id for song in songs] or [0]
        self.artists = [artist for song in songs for artist in song.artists] or ["nobody"]

    def calls(self) -> dict[str, Callable[[], object]]:
        """What the service asks of the database, by name."""
        some, catalogue = self.random.choices, self.catalogue
        return {
            "version": catalogue.version,
            "3 playlists with songs": lambda: catalogue.playlists(list(dict.fromkeys(some(self.playlist_ids, k=3)))),
            "80 songs": lambda: catalogue.songs(some(self.song_ids, k=80)),
            "songs of 2 artists": lambda: catalogue.songs_by(some(self.artists, k=2)),
            "remember a generation": self._remember,
            "read a generation": lambda: catalogue.generation(self.generations[-1]),
            "keep a thumbnail's facts": lambda: catalogue.set_thumbnail(self.generations[-1], {"seeds": [1]}),
            "like": lambda: catalogue.set_liked(self.generations[-1], True),
        }

    def _remember(self) -> None:
        songs = [{"song_id": id, "score": 0.1, "source": "new"} for id in self.song_ids[:20]]
        generation = Generation("benchmark", self.playlist_ids[:3], songs, ["a", "b"])
        self.catalogue.remember(generation)
        self.generations.append(generation.generation_id)

    def clean_up(self) -> None:
        """Remove what was remembered."""
        with Session(self.engine) as session, session.begin():
            session.execute(delete(UserLog).where(UserLog.generation_id.in_(self.generations)))


def measure(requests: Requests, rounds: int) -> Iterator[tuple[str, list[float], list[Access]]]:
    """(call, milliseconds of each round, how its statements read their tables)."""
    for name, call in requests.calls().items():
        with statements(requests.engine) as seen:
            call()
        accesses = [access for statement in seen for access in explain(requests.engine, *statement)]
        times = []
        for _ in range(rounds):
            started = time.perf_counter()
            call()
            times.append((time.perf_counter() - started) * 1000)
        yield name, times, accesses


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.queries", description=__doc__.splitlines()[0])
    parser.add_argument("--database", metavar="URL", help="any SQLAlchemy URL; default: the service's own")
    parser.add_argument("--rounds", type=int, default=200, help="how often each is asked; default: 200")
    arguments = parser.parse_args()
    settings = Settings()
    engine = connect(arguments.database or settings.database_url.get_secret_value(), settings.database_timeout_s)
    requests = Requests(engine)
    try:
        show(list(measure(requests, arguments.rounds)), CONSOLE)
    finally:
        requests.clean_up()


def show(measured: list[tuple[str, list[float], list[Access]]], console: Console) -> None:
    """Print the table."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("asked", "p50 ms", "p95 ms", "table", "index", "rows"):
        table.add_column(name, justify="right" if name in ("p50 ms", "p95 ms", "rows") else "left")
    medians = {name: statistics.median(times) for name, times, _ in measured}
    for name, times, accesses in measured:
        head = (name, f"{medians[name]:.1f}", f"{statistics.quantiles(times, n=20)[-1]:.1f}")
        for access in accesses or [Access("", "")]:
            index = "[red]none: reads all[/]" if access.index is None else access.index
            table.add_row(*head, access.table, index, str(access.rows or ""))
            head = ("", "", "")
    for request, names in WHOLE_REQUESTS.items():
        table.add_row(f"[bold]{request}[/], all of it", f"[bold]{sum(medians[name] for name in names):.1f}[/]")
    console.print(table)


if __name__ == "__main__":
    run_command(main)
