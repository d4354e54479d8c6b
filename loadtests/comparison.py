"""What a comparison of systems came to: their measurements, ratios between them, and the table of both."""

import math
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from rich.table import Table

from loadtests.closed_loop import Measurement
from loadtests.peers.systems import Bare, System


class Load(NamedTuple):
    """What is put on a system.

    Attributes:
        users: How many journeys are under way at once.
        after_burst_of: How many there were just before; 0 where the system had been quiet or as busy.
    """

    users: int
    after_burst_of: int = 0

    def __str__(self) -> str:
        return f"{self.users} after {self.after_burst_of}" if self.after_burst_of else f"{self.users}"


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        load: What was put on the system.
        system: Which system.
        measurement: What it got done.
        by_fastapi: Its journeys a second by those of FastAPI under the same load.
        by_bare: Its journeys a second by those of the bare models.
    """

    load: Load
    system: System
    measurement: Measurement
    by_fastapi: float
    by_bare: float


class Comparison:
    """The measurements of all systems; those of several rounds are put together.

    Attributes:
        bare: The bare models.
    """

    def __init__(self) -> None:
        self.bare = Bare(0, [], 0.0)
        self._measured: dict[tuple[Load, System], Measurement] = {}

    def add(self, system: System, load: Load, measurement: Measurement) -> None:
        """Put in what a system got done under a load."""
        before = self._measured.get((load, system))
        self._measured[load, system] = before + measurement if before else measurement

    def add_bare(self, bare: Bare) -> None:
        """Put in how long the bare models took."""
        self.bare = Bare(bare.batch, self.bare.times_ms + bare.times_ms, self.bare.cpu_s + bare.cpu_s)

    def bare_measurement(self) -> Measurement:
        """The bare models as one measurement, whose times are those of whole batches."""
        made = self.bare.batch * len(self.bare.times_ms)
        return Measurement(sum(self.bare.times_ms) / 1000, Counter(), self.bare.times_ms, made, self.bare.cpu_s)

    @property
    def bare_rate(self) -> float:
        """Journeys a second of the bare models; NaN before they were measured."""
        return self.bare.batch * self.bare_measurement().rate if self.bare.times_ms else float("nan")

    def rows(self) -> Iterator[Row]:
        """Load by load, and of each the systems in their order."""
        loads = dict.fromkeys(load for load, _ in self._measured)
        for load in loads:
            fastapi = self._measured.get((load, System.FASTAPI))
            for system in System:
                measurement = self._measured.get((load, system))
                if measurement is None:
                    continue
                by_fastapi = _ratio(measurement.rate, fastapi.rate if fastapi else 0.0)
                yield Row(load, system, measurement, by_fastapi, _ratio(measurement.rate, self.bare_rate))

    def as_dict(self) -> dict[str, object]:
        """For JSON: every row with its times."""
        rows = []
        for row in self.rows():
            measurement = row.measurement
            rows.append(
                {
                    "system": row.system,
                    "users": row.load.users,
                    "after_burst_of": row.load.after_burst_of,
                    "journeys_a_second": measurement.rate,
                    "p50_ms": _or_none(measurement.percentile_ms(50)),
                    "p95_ms": _or_none(measurement.percentile_ms(95)),
                    "cpu_ms_a_journey": _or_none(measurement.cpu_ms),
                    "by_fastapi": _or_none(row.by_fastapi),
                    "by_bare": _or_none(row.by_bare),
                    **measurement.as_dict(),
                }
            )
        cpu_ms = self.bare_measurement().cpu_ms
        bare = {"journeys_a_second": _or_none(self.bare_rate), "cpu_ms_a_journey": _or_none(cpu_ms)}
        return {"rows": rows, "bare": bare | self.bare._asdict()}

    def faults(self) -> list[str]:
        """A line for each row with failures: what went wrong, and how often."""
        lines = []
        for row in self.rows():
            if row.measurement.failures:
                faults = ", ".join(f"{fault} ×{count}" for fault, count in row.measurement.failures.most_common())
                lines.append(f"{row.system}, {row.load} users: {faults}")
        return lines


def _ratio(rate: float, other: float) -> float:
    """One rate by another; NaN where the other is none."""
    return rate / other if other else float("nan")


def _or_none(number: float) -> float | None:
    """A number for JSON, which knows no NaN."""
    return None if math.isnan(number) else number


def comparison_table(comparison: Comparison) -> Table:
    """Journeys a second, times, how long the servers compute for a journey, failures and ratios.

    The bare models come last; their times are those of whole batches.
    """
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("users")
    table.add_column("system")
    for column in ("journeys/s", "p50 ms", "p95 ms", "CPU ms", "failures", "× FastAPI", "× bare"):
        table.add_column(column, justify="right")

    load = None
    for row in comparison.rows():
        if load is not None and row.load != load:
            table.add_row()
        table.add_row(
            "" if row.load == load else str(row.load),
            row.system,
            *_cells(row.measurement.rate, row.measurement),
            _shown(row.by_fastapi, 2),
            _shown(row.by_bare, 2),
        )
        load = row.load

    table.add_row()
    bare_cells = _cells(comparison.bare_rate, comparison.bare_measurement())
    table.add_row(f"batches of {comparison.bare.batch}", "bare models", *bare_cells, "", "1")
    return table


def _cells(rate: float, measurement: Measurement) -> list[str]:
    numbers = (rate, measurement.percentile_ms(50), measurement.percentile_ms(95), measurement.cpu_ms)
    return [*(_shown(number, 1) for number in numbers), f"{measurement.failures.total():,}"]


def _shown(number: float, digits: int) -> str:
    """A number for a person; a dash for what was not measured."""
    return "–" if math.isnan(number) else f"{number:,.{digits}f}"
