"""How a measurement with bounds ends: all that was seen goes into a file, and what is broken is told."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from aiplayer.files import write_whole
from aiplayer.settings import PROJECT

KEPT = "every bound is kept"


def write_and_judge(
    seen: Mapping[str, object], file: Path, broken: Sequence[str], console: Console, kept: str = KEPT
) -> None:
    """Write what was seen; end this program with status 1 where a bound is broken.

    Args:
        seen: What JSON holds of it.
        file: Where it is written, in the project.
        broken: A sentence for each bound that is broken.
        console: Prints what a person is told.
        kept: What they are told where none is.
    """
    write_whole(file, json.dumps(seen, indent=2) + "\n")
    console.print(f"[dim]written to {file.relative_to(PROJECT)}[/]")
    for sentence in broken:
        console.print(f"[red]✗[/] {sentence}")
    if broken:
        sys.exit(1)
    console.print(f"[green]✓[/] {kept}")
