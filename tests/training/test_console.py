"""What an operator can mend is told in one line."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from aiplayer.settings import PROJECT
from infra.instances import free_port
from tests.support.commands import run_within
from training.console import run_command

COMMANDS = [("training.setup", []), ("training.explore.__main__", ["--out", "unused"])]


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"AIPLAYER_DATABASE_URL": "nonsense"}, "The database URL cannot be used"),
        ({"AIPLAYER_THREADS": "0"}, "AIPLAYER_THREADS cannot be used: Input should be greater than or equal to 1"),
        ({"AIPLAYER_SEED": "many"}, "AIPLAYER_SEED cannot be used: Input should be a valid integer"),
        ({"AIPLAYER_DATABASE_URL": f"mysql+pymysql://me:secret@127.0.0.1:{free_port()}/x"}, "The database does not"),
    ],
)
@pytest.mark.parametrize(("command", "arguments"), COMMANDS)
def test_a_bad_setting_or_an_absent_database_is_one_line(command, arguments, environment, message, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ended = run_within(import_module(command).main, *arguments)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: ")
    assert message in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "secret" not in ended.stderr


@pytest.mark.process
@pytest.mark.parametrize(("command", "arguments"), COMMANDS)
def test_a_process_ends_with_the_line_and_its_status(command, arguments):
    run = [sys.executable, "-m", command, *arguments]
    environment = os.environ | {"AIPLAYER_THREADS": "0"}
    ended = subprocess.run(run, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: The setting AIPLAYER_THREADS cannot be used")
    assert ended.stderr.count("\n") == 1


def test_a_full_disk_is_one_line():
    def fill_the_disk() -> None:
        with Path("/dev/full").open("w") as full:
            full.write("0")

    with pytest.raises(SystemExit) as ended:
        run_command(fill_the_disk)
    assert ended.value.code == (
        "error: No space left on device. Mend that and run the same command again; what was done is kept."
    )
