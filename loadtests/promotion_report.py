"""What users saw while the set of models changed under them, and which bounds that breaks."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rich.table import Table

from loadtests.fault_report import reasons_of
from loadtests.steady_users import Event


class Change(NamedTuple):
    """A change of the set.

    Attributes:
        name: The set that was to be served.
        canary_percent: The share of callers whom it answered at first; 0 where it answered all at once.
        began_s: When it was asked for, by `time.monotonic`.
        ended_s: When the old one had ended.
        refusal: Why it was refused; "" where it was not.
    """

    name: str
    canary_percent: float
    began_s: float
    ended_s: float
    refusal: str = ""

    @property
    def took_s(self) -> float:
        """How long it took, in seconds."""
        return self.ended_s - self.began_s


class Seen(NamedTuple):
    """What became of everything.

    Attributes:
        sets: The names of both sets; the first was served at the beginning.
        changes: The changes, in their order.
        events: Every request.
    """

    sets: list[str]
    changes: list[Change]
    events: list[Event]

    def during(self, change: Change) -> list[Event]:
        """The requests that were under way at some time of a change."""
        return [
            event
            for event in self.events
            if event.reply.began_s < change.ended_s and event.reply.ended_s > change.began_s
        ]

    def failed(self) -> list[Event]:
        """The requests that did not get what they asked for."""
        return [event for event in self.events if not event.is_ok]

    def misplaced(self) -> list[Event]:
        """The answers that tell no set, or one that was not in use while they were asked for."""
        return [
            event
            for event in self.events
            if event.reply.fault is None and event.reply.model_set not in self._in_use(event)
        ]

    def _in_use(self, event: Event) -> set[str]:
        """The sets that may answer a request: both while one takes the place of the other."""
        served = self.sets[0]
        allowed = {served}
        for change in self.changes:
            if event.reply.ended_s <= change.began_s:
                break
            following = served if change.refusal else change.name
            allowed = {following} if event.reply.began_s >= change.ended_s else allowed | {following, change.name}
            served = following
        return allowed

    def broken(self) -> list[str]:
        """A sentence for each bound that was broken."""
        sentences = [f"{change.name} was refused: {change.refusal}" for change in self.changes if change.refusal]
        if failed := self.failed():
            sentences.append(f"{len(failed):,} of {len(self.events):,} requests failed: {reasons_of(failed)}")
        if misplaced := self.misplaced():
            told = Counter(event.reply.model_set or "none" for event in misplaced)
            sentences.append(f"{len(misplaced):,} answers tell a set that was not in use: {dict(told)}")
        return sentences

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "sets": self.sets,
            "requests": len(self.events),
            "failed": len(self.failed()),
            "misplaced": len(self.misplaced()),
            "changes": [
                {
                    "set": change.name,
                    "canary_percent": change.canary_percent,
                    "took_s": round(change.took_s, 1),
                    "requests": len(self.during(change)),
                    "answered_by": answered_by(self.during(change)),
                    "refusal": change.refusal,
                }
                for change in self.changes
            ],
            "broken": self.broken(),
        }


def answered_by(events: Sequence[Event]) -> dict[str, int]:
    """How many answers each set gave."""
    return dict(Counter(event.reply.model_set for event in events if event.reply.fault is None))


def changes_table(seen: Seen) -> Table:
    """A line for each change, and one for all."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("change to", "first share", "took", "requests meanwhile", *seen.sets, "failed"):
        table.add_column(column, justify="left" if column == "change to" else "right")

    for change in seen.changes:
        events = seen.during(change)
        answers = answered_by(events)
        by_set = [f"{answers.get(name, 0):,}" for name in seen.sets]
        failed = sum(not event.is_ok for event in events)
        share = f"{change.canary_percent:g}%" if change.canary_percent else "all"
        table.add_row(change.name, share, f"{change.took_s:.0f} s", f"{len(events):,}", *by_set, f"{failed:,}")

    answers = answered_by(seen.events)
    by_set = [f"{answers.get(name, 0):,}" for name in seen.sets]
    table.add_row("all", "", "", f"{len(seen.events):,}", *by_set, f"{len(seen.failed()):,}", style="bold")
    return table
