"""What is told while something starts, and that only those who work go on telling it."""

import re
import subprocess
import sys
import time

from aiplayer.starting import repeated

# The words tell whole seconds.
EVERY_S = 1.0
SOON_S = 0.2


def compute(seconds: float) -> None:
    """Compute for so long."""
    end_s = time.process_time() + seconds
    while time.process_time() < end_s:
        pass


def test_what_takes_long_is_told_again_with_its_time():
    told = []
    with repeated(told.append, EVERY_S) as tell:
        tell("loading the weights")
        tell("painting a first picture")
        # However long that takes on a busy machine.
        while len(told) < 5:
            compute(EVERY_S / 10)
    assert told[:2] == ["loading the weights", "painting a first picture"]
    minutes = [re.fullmatch(r"painting a first picture \((\d+):(\d\d) min\)", words).groups() for words in told[2:]]
    assert minutes == sorted(set(minutes))


def test_who_computes_nothing_tells_nothing_more():
    # In a process of its own: threads that other tests left would compute in this one.
    program = f"""
import time
from aiplayer.starting import repeated

with repeated(print, {SOON_S}) as tell:
    tell("loading the weights")
    time.sleep({4 * SOON_S})
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == ["loading the weights"]


def test_nothing_is_told_before_there_are_words_or_after_the_end():
    told = []
    with repeated(told.append, SOON_S):
        compute(2 * SOON_S)
    compute(2 * SOON_S)
    assert told == []
