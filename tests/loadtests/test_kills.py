"""The script that kills set-ups and imports."""

import signal
from pathlib import Path

import pytest

from loadtests.kills import Checkout, Unmended

pytestmark = pytest.mark.process


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_a_command_is_killed_unless_it_has_ended(checkout):
    assert checkout.kill(0.5, signal.SIGKILL, "http.server", "0")
    assert not checkout.kill(30, signal.SIGKILL, "this")


def test_a_command_that_fails_by_itself_is_told(checkout):
    failed = "nothing_of_that_name ended with status 1:\n.+No module named nothing_of_that_name"
    with pytest.raises(Unmended, match=failed):
        checkout.run("nothing_of_that_name")
    with pytest.raises(Unmended, match=failed):
        checkout.kill(30, signal.SIGKILL, "nothing_of_that_name")
