"""What an operator can mend is told in one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aiplayer.settings import PROJECT
from infra.instances import free_port
from training.console import run_command


@pytest.mark.process
@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"AIPLAYER_DATABASE_URL": "nonsense"}, "The database URL cannot be used"),
        ({"AIPLAYER_THREADS": "0"}, "AIPLAYER_THREADS cannot be used: Input should be greater than or equal to 1"),
        ({"AIPLAYER_SEED": "many"}, "AIPLAYER_SEED cannot be used: Input should be a valid integer"),
        ({"AIPLAYER_DATABASE_URL": f"mysql+pymysql://me:secret@127.0.0.1:{free_port()}/x"}, "The database does not"),
    ],
)
@pytest.mark.parametrize("command", [["training.setup"], ["training.explore", "--out", "unused"]])
def test_a_bad_setting_or_an_absent_database_is_one_line(command, environment, message):
    run = [sys.executable, "-m", *command]
    ended = subprocess.run(run, cwd=PROJECT, env=os.environ | environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: ")
    assert message in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "secret" not in ended.stderr


def test_a_full_disk_is_one_line():
    def fill_the_disk() -> None:
        with Path("/dev/full").open("w") as full:
            full.write("0")

    with pytest.raises(SystemExit) as ended:
        run_command(fill_the_disk)
    assert ended.value.code == (
        "error: No space left on device. Mend that and run the same command again; what was done is kept."
    )
