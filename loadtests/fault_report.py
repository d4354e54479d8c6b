"""What faults did to the requests of a steady load: which kinds failed, for how long, and what was broken by that."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.table import Table

from loadtests.client import Fault
from loadtests.steady_users import Event, Kind

# What each process of the service is needed for.
GATEWAY = "ai_player"
NEEDED_FOR = {
    "title_encoder": {Kind.SEARCH, Kind.RECOMMEND, Kind.THUMBNAIL},
    "playlist_autoencoder": {Kind.SEARCH, Kind.RECOMMEND},
    "thumbnail": {Kind.THUMBNAIL},
    GATEWAY: set(Kind),
}
LONGEST_AWAY_S = 10.0


@dataclass(frozen=True)
class Kill:
    """A process that was killed, and what users saw of it.

    Attributes:
        part: The service that the process was.
        label: How it is called, where a service has several processes.
        killed_s: When, by `time.monotonic`.
        events: The requests that ended between then and the next kill.
    """

    part: str
    label: str
    killed_s: float
    events: list[Event]

    def failures(self, kind: Kind) -> list[Event]:
        """The requests of a kind that failed."""
        return [event for event in self.events if event.kind is kind and not event.is_ok]

    def away_s(self, kind: Kind) -> float | None:
        """Seconds until a kind answered again; None where it did not.

        That is until the first success that was asked for after the kill, and after the last request that failed. A
        request that is held back meanwhile and answered later is no failure, and yet nobody was answered.
        """
        began_s = [event.reply.began_s for event in self.failures(kind)]
        since_s = max([self.killed_s, *began_s])
        ended_s = [
            event.reply.ended_s
            for event in self.events
            if event.kind is kind and event.is_ok and event.reply.began_s > since_s
        ]
        return min(ended_s) - self.killed_s if ended_s else None

    def as_dict(self) -> dict[str, object]:
        """For JSON: what became of each kind."""
        kinds = {}
        for kind in Kind:
            failures = self.failures(kind)
            kinds[kind] = {
                "sent": sum(event.kind is kind for event in self.events),
                "failed": len(failures),
                "faults": Counter(event.fault for event in failures),
                "away_s": self.away_s(kind),
            }
        return {"part": self.part, "label": self.label, "kinds": kinds}


@dataclass(frozen=True)
class Stop:
    """A service that was asked to end while users were asking.

    Attributes:
        stopped_s: When, by `time.monotonic`.
        ended_after_s: After how many seconds it had ended; None where it had not.
        events: The requests that ended since then.
    """

    stopped_s: float
    ended_after_s: float | None
    events: list[Event]

    def failures(self, is_earlier: bool) -> list[Event]:
        """The requests that were accepted and failed; a connection that was refused was not accepted.

        Args:
            is_earlier: Of those that were sent before the stop; else of those that were sent after it.
        """
        return [
            event
            for event in self.events
            if not event.is_ok
            and event.reply.fault is not Fault.NOT_CONNECTED
            and (event.reply.began_s < self.stopped_s) == is_earlier
        ]

    def count(self, is_earlier: bool) -> int:
        """How many requests were sent before the stop, and not yet answered; or after it."""
        return sum((event.reply.began_s < self.stopped_s) == is_earlier for event in self.events)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        told: dict[str, object] = {"ended_after_s": self.ended_after_s}
        for is_earlier, when in ((True, "before"), (False, "after")):
            failures = self.failures(is_earlier)
            told[f"sent_{when}"] = {
                "count": self.count(is_earlier),
                "failed": len(failures),
                "faults": Counter(f"{event.kind}: {event.fault}" for event in failures),
            }
        return told


class Likes(NamedTuple):
    """How many likes were acknowledged, and how many of them the database does not hold."""

    acknowledged: int
    lost: int


def broken_by_kill(kill: Kill) -> list[str]:
    """A sentence for each bound that a kill broke."""
    sentences = []
    for kind in Kind:
        if kind not in NEEDED_FOR[kill.part]:
            sentences += _failed_without_need(kill, kind)
            continue

        away_s = kill.away_s(kind)
        if away_s is None:
            sentences.append(f"{kill.label} killed: {kind} did not answer again while it was watched.")
        elif away_s > LONGEST_AWAY_S:
            over = f"{away_s - LONGEST_AWAY_S:.1f} s over the {LONGEST_AWAY_S:.0f} s allowed"
            sentences.append(f"{kill.label} killed: {kind} answered again after {away_s:.1f} s, {over}.")
    return sentences


def _failed_without_need(kill: Kill, kind: Kind) -> list[str]:
    """That a kind failed which does not need what was killed, where it did."""
    failures = kill.failures(kind)
    if not failures:
        return []
    count = f"{len(failures)} of {kind} failed, which does not need it"
    return [f"{kill.label} killed: {count} ({reasons_of(failures)})."]


def broken_by_stop(stop: Stop) -> list[str]:
    """A sentence for each bound that a stop broke."""
    sentences = []
    for is_earlier, when in ((True, "before"), (False, "after")):
        if failures := stop.failures(is_earlier):
            count = stop.count(is_earlier)
            sentences.append(
                f"Stopped: {len(failures)} of {count} requests sent {when} the stop failed ({reasons_of(failures)})."
            )
    if stop.ended_after_s is None:
        sentences.append("Stopped: the service did not end.")
    return sentences


def broken_by_likes(likes: Likes) -> list[str]:
    """A sentence where acknowledged likes are lost."""
    if not likes.lost:
        return []
    return [f"{likes.lost} of {likes.acknowledged} acknowledged likes are not in the database."]


def reasons_of(failures: Sequence[Event]) -> str:
    """Why requests failed, the most frequent reason first; "" where none did."""
    counts = Counter(f"{event.kind}: {event.fault}" for event in failures)
    return ", ".join(f"{reason} ×{count}" for reason, count in counts.most_common())


def kills_table(kills: Sequence[Kill]) -> Table:
    """A row for each kill: how many requests of each kind failed, and when those that need the part answered again."""
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("kill -9")
    for kind in Kind:
        table.add_column(f"{kind} failed", justify="right")

    for kill in kills:
        table.add_row(kill.label, *(_kill_cell(kill, kind) for kind in Kind))
    return table


def _kill_cell(kill: Kill, kind: Kind) -> str:
    total = sum(event.kind is kind for event in kill.events)
    failed = f"{len(kill.failures(kind))} of {total}"
    if kind not in NEEDED_FOR[kill.part]:
        return failed
    away_s = kill.away_s(kind)
    return f"{failed}, " + ("never again" if away_s is None else f"{away_s:.1f} s")
