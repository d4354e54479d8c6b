"""The arena as a person uses it: files of playlists, and the commands."""

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from training.arena.__main__ import main
from training.console import run_command


def write_playlists(path: Path, rows: Sequence[tuple[str, list[int], list[str]]]) -> Path:
    """(title, songs, tags) rows -> a file in the Melon format, with the row's number as id."""
    records = []
    for number, (title, songs, tags) in enumerate(rows):
        records.append({"id": number, "plylst_title": title, "songs": songs, "tags": tags, "like_cnt": 0})
    path.write_text(json.dumps(records))
    return path


def run_arena(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `python -m training.arena` with these arguments, within this process: importing TensorFlow takes seconds."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["arena", *map(str, arguments)])
        try:
            run_command(main)
        except SystemExit as exit:
            # As the interpreter does: it prints a message and ends with 1.
            status = exit.code if isinstance(exit.code, int) else 1
            if isinstance(exit.code, str):
                err.write(f"{exit.code}\n")
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())
