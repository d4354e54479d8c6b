"""What is told of sets: a table of all, the facts of one, and what differs between two."""

from collections.abc import Collection, Mapping
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.filesize import decimal
from rich.markdown import Markdown
from rich.markup import escape
from rich.table import Table

from aiplayer.file_records import FileRecord
from aiplayer.settings import STATE
from training.publish.manifest import CALLED, MODEL_KINDS, SetManifest
from training.publish.registry import attachment, metrics

MOST_FILES = 12


def table_of(
    here: Mapping[str, SetManifest], there: Mapping[str, SetManifest] | None, in_production: Collection[str]
) -> Table:
    """A table of sets, the newest first.

    Args:
        here: The sets of this machine by name.
        there: Those of the repository; None where it was not asked.
        in_production: The names of the sets that a database of this machine is served with.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = ["set", "made (UTC)", "catalogue", "parent", "production", *(["where"] if there is not None else [])]
    for column in columns:
        table.add_column(column, no_wrap=True)
    table.add_column("size", justify="right", no_wrap=True)

    manifests = dict(there or {}) | dict(here)
    for manifest in sorted(manifests.values(), key=lambda manifest: manifest.made_at, reverse=True):
        places = [place for place, names in (("here", here), ("remote", there or {})) if manifest.name in names]
        cells = [
            manifest.name,
            f"{manifest.made_at:%Y-%m-%d %H:%M}",
            manifest.catalogue,
            manifest.parent or "-",
            "yes" if manifest.name in in_production else "",
            *([", ".join(places)] if there is not None else []),
            decimal(manifest.size_bytes),
        ]
        table.add_row(*map(escape, cells))
    return table


def shown(manifest: SetManifest, state: Path = STATE) -> RenderableType:
    """The card of a set, or its facts where it has none."""
    card = attachment(manifest, "card.md", state)
    return Markdown(card.decode("utf-8", errors="replace")) if card else facts_of(manifest)


def facts_of(manifest: SetManifest) -> RenderableType:
    """What a set is made of."""
    facts = Table(box=None, pad_edge=False, show_header=False)
    facts.add_column(no_wrap=True)
    facts.add_column(overflow="fold")
    rows = {
        "set": manifest.name,
        **{CALLED[kind]: getattr(manifest.models, kind) for kind in MODEL_KINDS},
        "painter": manifest.diffusion or "the scene painter",
        "catalogue": manifest.catalogue,
        "parent": manifest.parent or "none",
        "made": f"{manifest.made_at:%Y-%m-%d %H:%M:%S} UTC",
        "code": manifest.code or "not from git",
        "size": f"{decimal(manifest.size_bytes)} in {len(manifest.records())} files",
    }
    for name, value in rows.items():
        facts.add_row(name, escape(value))

    files = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("model", "file"):
        files.add_column(column)
    files.add_column("bytes", justify="right")
    files.add_column("sha256", no_wrap=True)
    for kind, records in manifest.files.items():
        for path, record in records.items():
            files.add_row(CALLED[kind], escape(path), f"{record.bytes:,}", record.sha256[:12])
    return Group(facts, "", files)


def print_difference(console: Console, one: SetManifest, other: SetManifest, state: Path = STATE) -> None:
    """Print what differs between two sets: models, labels, files, sizes, and the metrics of their cards."""
    if one.name == other.name:
        console.print(f"{one.name} is one set.")
        return

    for kind in (*MODEL_KINDS, "diffusion"):
        before, after = one.files.get(kind, {}), other.files.get(kind, {})
        versions = [manifest.models.model_dump().get(kind, manifest.diffusion) for manifest in (one, other)]
        if versions[0] == versions[1] and before == after:
            console.print(f"{CALLED[kind]}: the same")
            continue
        console.print(f"{CALLED[kind]}: {escape(versions[0] or 'none')} → {escape(versions[1] or 'none')}")
        _print_labels(console, one.labels.get(kind, {}), other.labels.get(kind, {}))
        _print_files(console, before, after)

    if one.catalogue != other.catalogue:
        console.print(f"catalogue: {one.catalogue} → {other.catalogue}")
    console.print(f"size: {decimal(one.size_bytes)} → {decimal(other.size_bytes)}")
    _print_metrics(console, one, other, state)


def _print_labels(console: Console, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            console.print(f"  label {name}: {escape(before.get(name, '-'))} → {escape(after.get(name, '-'))}")


def _print_files(console: Console, before: Mapping[str, FileRecord], after: Mapping[str, FileRecord]) -> None:
    changed = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    if not changed:
        console.print("  the files are the same, byte for byte")
    for name in changed[:MOST_FILES]:
        sizes = [f"{files[name].bytes:,}" if name in files else "none" for files in (before, after)]
        console.print(f"  {escape(name)}: {sizes[0]} → {sizes[1]} bytes")
    if len(changed) > MOST_FILES:
        console.print(f"  and {len(changed) - MOST_FILES} more files")


def _print_metrics(console: Console, one: SetManifest, other: SetManifest, state: Path) -> None:
    """Print the numbers of both cards that differ, where both sets have one."""
    before, after = (_numbers(metrics(manifest, state)) for manifest in (one, other))
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name]:
            console.print(f"{escape(name)}: {before[name]:g} → {after[name]:g}")


def _numbers(card: Mapping[str, object], before: str = "") -> dict[str, float]:
    """The numbers of a card, also of the objects in it, by their names joined with dots."""
    numbers = {}
    for name, value in card.items():
        if isinstance(value, dict):
            numbers.update(_numbers(value, f"{before}{name}."))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            numbers[f"{before}{name}"] = float(value)
    return numbers
