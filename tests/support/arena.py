"""The arena as a person uses it: files of playlists, and the commands."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.support.commands import run_within
from training.arena.__main__ import main


def write_playlists(path: Path, rows: Sequence[tuple[str, list[int], list[str]]]) -> Path:
    """(title, songs, tags) rows -> a file in the Melon format, with the row's number as id."""
    records = []
    for number, (title, songs, tags) in enumerate(rows):
        records.append({"id": number, "plylst_title": title, "songs": songs, "tags": tags, "like_cnt": 0})
    path.write_text(json.dumps(records))
    return path


def run_arena(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `python -m training.arena` with these arguments, within this process: importing TensorFlow takes seconds."""
    return run_within(main, *arguments)
