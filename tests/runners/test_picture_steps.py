"""The steps of a picture are measured, and each picture of a batch counts."""

import time

from runners.picture_steps import FINISH, PAINT, timed, timed_batch
from tests.support.metrics import measured


def counted(figure: str, step: str) -> float:
    return measured(f"aiplayer_picture_seconds_{figure}", step=step)


def test_a_step_counts_once_and_returns_what_it_makes():
    before = counted("count", FINISH)
    assert timed(FINISH, lambda first, second: first + second)(1, second=2) == 3
    assert counted("count", FINISH) == before + 1


def test_the_pictures_of_a_batch_share_its_seconds():
    count, seconds = counted("count", PAINT), counted("sum", PAINT)

    def paint(wishes: list[int]) -> list[int]:
        time.sleep(0.02)
        return wishes

    assert timed_batch(PAINT, paint)([1, 2, 3, 4]) == [1, 2, 3, 4]
    assert counted("count", PAINT) == count + 4
    assert 0.02 <= counted("sum", PAINT) - seconds < 1
