"""Whether a process is there is known in the moment in which it is killed."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aiplayer.presence import Presence

ANNOUNCE = """
import sys, time
from pathlib import Path
from aiplayer.presence import Presence
presence = Presence(Path(sys.argv[1]))
presence.announce()
print("there", flush=True)
time.sleep(60)
"""


def announcing(file: Path) -> subprocess.Popen:
    process = subprocess.Popen([sys.executable, "-c", ANNOUNCE, str(file)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "there\n"
    return process


@pytest.mark.process
def test_a_killed_process_is_away_until_another_says_that_it_is_there(tmp_path):
    file = tmp_path / "present" / "painter"
    presence = Presence(file)
    with announcing(file) as first:
        assert presence.is_there()
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert not presence.is_there()
    with announcing(file) as second:
        assert presence.is_there()
        second.kill()


@pytest.mark.process
def test_one_of_two_is_enough(tmp_path):
    presence = Presence(tmp_path / "painter")
    with announcing(tmp_path / "painter") as first, announcing(tmp_path / "painter") as second:
        first.kill()
        first.wait()
        assert presence.is_there()
        second.kill()
        second.wait()
        assert not presence.is_there()


def test_who_never_said_so_may_be_elsewhere(tmp_path):
    assert Presence(tmp_path / "painter").is_there()
