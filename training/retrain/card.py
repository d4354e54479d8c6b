"""The card of a set of models, for people and programs: what it was made of, and how it did beside the one before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from training.retrain.contenders import Check


@dataclass(frozen=True)
class Card:
    """What is worth knowing of a set.

    Attributes:
        name: The set's name.
        parent: The set that was in use.
        made_at: When it was made, in UTC.
        models: The version of each model, by its kind.
        data: Counts and digests of what it was trained on.
        lessons: What became of the generations that creators liked or changed (`LessonCounts`).
        settings: How it was trained.
        checks: How it did beside the set in use (`gate.Check`).
    """

    name: str
    parent: str
    made_at: datetime
    models: Mapping[str, str]
    data: Mapping[str, object]
    lessons: Mapping[str, int]
    settings: Mapping[str, object]
    checks: Sequence[Check]

    def json(self) -> bytes:
        """For programs."""
        values = asdict(self)
        values["made_at"] = self.made_at.astimezone(UTC).isoformat()
        values["checks"] = [check.as_dict() for check in self.checks]
        return (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode()

    def markdown(self) -> bytes:
        """For people."""
        lines = [
            f"# Set {self.name}",
            "",
            f"Made {self.made_at:%Y-%m-%d %H:%M} UTC, beside the set {self.parent}.",
            "",
            *_section("Models", self.models),
            *_section("Data", self.data),
            *_section("What creators taught", self.lessons),
            *_section("Settings", self.settings),
            *_checks(self.checks),
        ]
        return ("\n".join(lines).rstrip() + "\n").encode()


def _section(title: str, facts: Mapping[str, object]) -> list[str]:
    """A heading and a line for each fact."""
    if not facts:
        return []
    lines = [f"- {name.replace('_', ' ')}: {_told(value)}" for name, value in facts.items()]
    return [f"## {title}", "", *lines, ""]


def _told(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _checks(checks: Sequence[Check]) -> list[str]:
    """A table of what was held against limits."""
    if not checks:
        return []
    rows = [
        f"| {check.name} | {check.old:.4f} | {check.new:.4f} | {change_of(check)} | {check.limit} |" for check in checks
    ]
    heading = "| | in use | this set | change, 95% interval | allowed or wanted |"
    return ["## Beside the set in use", "", heading, "|---|---|---|---|---|", *rows, ""]


def change_of(check: Check) -> str:
    """How much more the new one reached, with its interval where there is one."""
    change = f"{check.new - check.old:+.4f}"
    return change if check.low != check.low else f"{change} [{check.low:+.4f}, {check.high:+.4f}]"
