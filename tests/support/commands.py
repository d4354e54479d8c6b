"""Commands without an interpreter of their own each: starting one, and importing what it needs, takes seconds.

    python -m tests.support.commands training.publish

reads a JSON list of arguments a line, runs the command with them, and answers with a line: [status, output, errors].
"""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Self
from unittest.mock import patch

from training.console import run_command


def run_within(main: Callable[[], None], *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command's `main` within this process."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    command_line = ["command", *map(str, arguments)]
    with patch.object(sys, "argv", command_line), redirect_stdout(out), redirect_stderr(err):
        try:
            run_command(main)
        except SystemExit as exit:
            # As the interpreter does: it prints a message and ends with 1.
            status = exit.code if isinstance(exit.code, int) else 1
            if isinstance(exit.code, str):
                err.write(f"{exit.code}\n")
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


class Shell:
    """A process that runs a command again and again; as a context it is ended.

    Args:
        command: The module.
        folder: The copy of the project whose module it is.
        environment: All its environment variables.
    """

    def __init__(self, command: str, folder: Path, environment: Mapping[str, str]):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.commands", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.stdin.close()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the command ended its interpreter"
        return subprocess.CompletedProcess(arguments, *json.loads(answer))


def answer_lines(command: str) -> None:
    """Run a command for every line of arguments."""
    main = import_module(f"{command}.__main__").main
    for line in sys.stdin:
        ended = run_within(main, *json.loads(line))
        print(json.dumps([ended.returncode, ended.stdout, ended.stderr]), flush=True)


if __name__ == "__main__":
    answer_lines(sys.argv[1])
