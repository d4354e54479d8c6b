"""Counters that processes share, against a dictionary that counts the same."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from aiplayer.settings import PROJECT
from gateway.exposure import counters
from gateway.exposure.counters import PLACES, ROWS, SharedCounters


def test_a_counter_counts_and_begins_anew_when_its_window_has_ended(tmp_path, monkeypatch):
    shared = SharedCounters(tmp_path / "rates")
    assert [shared.incr("a", 60), shared.incr("b", 60), shared.incr("a", 60, amount=3)] == [1, 1, 4]
    assert (shared.get("a"), shared.get("b"), shared.get("c")) == (4, 1, 0)
    assert shared.get_expiry("a") == pytest.approx(time.time() + 60, abs=5)

    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 61)
    assert (shared.get("a"), shared.incr("a", 60)) == (0, 1)


def test_counters_can_be_forgotten(tmp_path):
    shared = SharedCounters(tmp_path / "rates")
    for key in ("a", "b"):
        shared.incr(key, 60)
    shared.clear("a")
    shared.clear("nobody")
    assert (shared.get("a"), shared.get("b")) == (0, 1)
    assert shared.reset() == ROWS * PLACES
    assert (shared.get("b"), shared.check()) == (0, True)


def test_many_callers_are_counted_each_for_itself(tmp_path):
    shared, counted = SharedCounters(tmp_path / "rates"), Counter()
    draw = random.Random(3)
    for _ in range(3_000):
        key = f"address 203.0.113.{draw.randrange(250)}"
        counted[key] += 1
        assert shared.incr(key, 60) == counted[key]


def test_memory_is_bounded_and_the_newest_callers_are_counted_whoever_asks(tmp_path):
    shared = SharedCounters(tmp_path / "rates")
    for number in range(20_000):
        assert shared.incr(f"caller {number}", 60) == 1
    assert (tmp_path / "rates").stat().st_size == ROWS * PLACES * counters.COUNTER.itemsize < 200_000
    assert all(shared.get(f"caller {number}") == 1 for number in range(19_900, 20_000))


def test_nobody_else_can_read_the_file(tmp_path):
    SharedCounters(tmp_path / "new" / "rates")
    assert (tmp_path / "new" / "rates").stat().st_mode & 0o077 == 0


@pytest.mark.process
def test_processes_that_count_at_once_lose_nothing(tmp_path):
    program = (
        "import sys; from pathlib import Path; from gateway.exposure.counters import SharedCounters\n"
        "shared = SharedCounters(Path(sys.argv[1]))\n"
        "for _ in range(2_000): shared.incr('caller', 600)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "rates")]
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    processes = [subprocess.Popen(command, cwd=Path(PROJECT), env=environment) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert SharedCounters(tmp_path / "rates").get("caller") == 6_000
