"""What an overload came to: its bounds, what was broken of them, and the tables."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from loadtests.open_loop import Sent
from loadtests.processes import Sample, growth_of_last_half
from loadtests.verdicts import Tally, Verdict

LEAST_GOODPUT = 0.8
MOST_GROWTH = 0.03
# The table of memory has so many columns, evenly over the time.
MOMENTS = 5
PATHS = ("/similar", "/recommend")
FAULTS = (Verdict.WRONG, Verdict.HUNG, Verdict.BAD_STATUS, Verdict.BROKEN)


class Goodput(NamedTuple):
    """Well-formed answers a second, and as a share of the sustainable rate."""

    rate: float
    share: float


@dataclass(frozen=True)
class Overload:
    """What was seen.

    Attributes:
        sustainable: Requests a second that some users without think time get answered.
        sustainable_after: The same once the overload is over. Where it is far from the other, the machine has drifted,
            or the service has not come back to itself.
        rate: Requests a second that were to be sent.
        sent: What was sent of them.
        tally: What became of that.
        samples: The memory over the time.
    """

    sustainable: float
    sustainable_after: float
    rate: float
    sent: Sent
    tally: Tally
    samples: list[Sample]

    def goodput(self, path: str | None = None) -> Goodput:
        """Of one path, whose sustainable rate is half of all, or of both."""
        rate = self.tally.count(Verdict.ANSWERED, path) / self.sent.seconds
        sustainable = self.sustainable / len(PATHS) if path else self.sustainable
        return Goodput(rate, rate / sustainable)

    @property
    def growth(self) -> float:
        """Of the memory in the last half, as a share."""
        return growth_of_last_half(self.samples)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "sustainable_rate": self.sustainable,
            "sustainable_rate_after": self.sustainable_after,
            "intended_rate": self.rate,
            "sent": self.sent._asdict(),
            "goodput": {path or "all": self.goodput(path)._asdict() for path in (None, *PATHS)},
            "verdicts": {verdict: self.tally.count(verdict) for verdict in Verdict},
            "statuses": dict(sorted(self.tally.statuses.items())),
            "examples": self.tally.examples,
            "memory_growth_of_last_half": self.growth,
            "memory": [sample._asdict() for sample in self.samples],
        }


def broken_bounds(overload: Overload) -> list[str]:
    """A sentence for each bound that was broken, with how far; none where all were kept."""
    sentences = []
    goodput = overload.goodput()
    if goodput.share < LEAST_GOODPUT:
        missing = f"{100 * (LEAST_GOODPUT - goodput.share):.1f} points under the {LEAST_GOODPUT:.0%} wanted"
        sentences.append(f"Goodput is {goodput.share:.1%} of the sustainable rate, {missing}.")
    for verdict in FAULTS:
        if count := overload.tally.count(verdict):
            sentences.append(f"{verdict}: {count:,} of {overload.tally.total:,} requests, and none may be.")
    if overload.growth > MOST_GROWTH:
        over = f"{100 * (overload.growth - MOST_GROWTH):.1f} points over the {MOST_GROWTH:.0%} allowed"
        sentences.append(f"The memory grew by {overload.growth:.1%} in the last half, {over}.")
    return sentences


def show(overload: Overload, console: Console) -> None:
    """Print what became of the requests, and the memory over the time."""
    tally, sent = overload.tally, overload.sent
    p50_ms, p95_ms = np.percentile(tally.times_ms or [float("nan")], (50, 95))
    sent_rate = sent.requests / sent.seconds

    console.print(_requests_table(overload))
    console.print(
        f"sustainable: {overload.sustainable:.1f} requests a second before, {overload.sustainable_after:.1f} after"
    )
    console.print(f"sent: {sent_rate:.1f} a second; {sent.kept_back:,} were kept back for want of a connection")
    console.print(f"answers took {p50_ms:,.0f} ms (p50), {p95_ms:,.0f} ms (p95)")
    console.print(f"statuses: {dict(sorted(tally.statuses.items()))}")
    for example in tally.examples:
        console.print(f"[dim]for example: {example}[/]")
    console.print(_memory_table(overload))


def _requests_table(overload: Overload) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("")
    for column in ("goodput/s", "of sustainable", *Verdict):
        table.add_column(column, justify="right")

    for path in (*PATHS, None):
        goodput = overload.goodput(path)
        counts = (f"{overload.tally.count(verdict, path):,}" for verdict in Verdict)
        table.add_row(path or "both", f"{goodput.rate:.1f}", f"{goodput.share:.0%}", *counts)
    return table


def _memory_table(overload: Overload) -> Table:
    samples = overload.samples
    last = len(samples) - 1
    chosen = [samples[round(moment * last / (MOMENTS - 1))] for moment in range(MOMENTS)]
    start_s = samples[0].at_s

    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("memory, MB, after")
    for sample in chosen:
        table.add_column(f"{sample.at_s - start_s:,.0f} s", justify="right")
    for name in sorted({name for sample in chosen for name in sample.resident_mb}):
        table.add_row(name, *(f"{sample.resident_mb.get(name, 0):,.1f}" for sample in chosen))
    totals = (f"{sample.total_mb:,.1f}" for sample in chosen)
    table.add_row(f"together; last half {overload.growth:+.1%}", *totals)
    return table
