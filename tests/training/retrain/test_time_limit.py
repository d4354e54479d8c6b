"""A retraining that takes too long ends, whatever it is doing."""

import signal
import time

import pytest

from aiplayer.errors import Unavailable
from training.retrain.time_limit import within

A_MOMENT_MINUTES = 0.05 / 60


def work_on_after_errors() -> None:
    while True:
        try:
            time.sleep(30)
        except Exception:
            continue


def test_what_takes_too_long_ends_with_what_to_do():
    text = r"not ended within .* minutes.*run the same command again"
    with pytest.raises(Unavailable, match=text), within(A_MOMENT_MINUTES):
        time.sleep(30)


def test_it_passes_whoever_catches_every_exception():
    with pytest.raises(Unavailable), within(A_MOMENT_MINUTES):
        work_on_after_errors()


def test_what_ends_in_time_is_left_alone_afterwards():
    handler = signal.getsignal(signal.SIGALRM)
    with within(A_MOMENT_MINUTES):
        pass
    time.sleep(0.1)
    assert signal.getsignal(signal.SIGALRM) is handler


def test_without_a_limit_nothing_ends():
    with within(None):
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
