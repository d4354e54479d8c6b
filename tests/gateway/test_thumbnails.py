"""One picture that could not be painted gets another seed, and never costs the others."""

import asyncio

import pytest

from aiplayer.errors import NotPainted, TooBusy, TooSlow, Unavailable
from aiplayer.thumbnails.request import FinishedPicture, PictureWish
from gateway.thumbnails import longest_wait_s, paint_pictures


class Runner:
    """Paints every seed but those that fail, and notes what it was asked for.

    Args:
        failing: Seeds that cannot be painted.
        error: Why; default: the picture did not come out.
    """

    def __init__(self, *failing: int, error: Exception | None = None):
        self.failing = failing
        self.error = error
        self.calls: list[list[int]] = []

    async def paint(self, wishes: list[PictureWish]) -> list[FinishedPicture | Exception]:
        assert all(wish.named == {"place": "lake"} for wish in wishes)
        self.calls.append([wish.seed for wish in wishes])
        return [self._paint_one(wish) for wish in wishes]

    def _paint_one(self, wish: PictureWish) -> FinishedPicture | Exception:
        if wish.seed in self.failing:
            return self.error or NotPainted(f"{wish.seed} cannot be painted.")
        return FinishedPicture({"prompt": wish.prompt}, b"a PNG")


def painted_seeds(runner: Runner, first_seed: int, count: int) -> list[int]:
    first = PictureWish("a lake", "rain", first_seed, named={"place": "lake"})
    return list(asyncio.run(paint_pictures(runner.paint, first, count)))


def test_seeds_follow_one_another():
    runner = Runner()
    assert painted_seeds(runner, 7, 4) == [7, 8, 9, 10]
    assert painted_seeds(runner, 2**32 - 1, 2) == [2**32 - 1, 0]
    assert runner.calls == [[7, 8, 9, 10], [2**32 - 1, 0]]


def test_a_picture_that_fails_is_painted_once_more_with_a_seed_of_its_own():
    runner = Runner(8)
    assert painted_seeds(runner, 7, 4) == [7, 11, 9, 10]
    assert runner.calls == [[7, 8, 9, 10], [11]]


def test_a_picture_that_fails_twice_is_left_out():
    assert painted_seeds(Runner(7, 8, 11), 7, 4) == [12, 9, 10]


def test_a_single_picture_gets_a_second_try_too():
    assert painted_seeds(Runner(7), 7, 1) == [8]


def test_where_nothing_can_be_painted_the_first_reason_is_told():
    runner = Runner(*range(100))
    with pytest.raises(NotPainted, match="9 cannot be painted"):
        painted_seeds(runner, 7, 2)
    assert runner.calls == [[7, 8], [9, 10]]


@pytest.mark.parametrize("error", [TooBusy("full", 5), TooSlow("late"), Unavailable("away"), RuntimeError("a fault")])
def test_what_no_other_seed_mends_is_told_and_not_tried_again(error):
    runner = Runner(8, error=error)
    with pytest.raises(type(error)):
        painted_seeds(runner, 7, 2)
    assert runner.calls == [[7, 8]]


def test_four_pictures_may_take_as_much_longer_as_three_take_on_this_device():
    asked = []

    async def picture_s() -> float:
        asked.append("picture_s")
        return 420.0

    assert asyncio.run(longest_wait_s(4, 3_600, picture_s)) == 3_600 + 3 * 420
    asked.clear()
    assert asyncio.run(longest_wait_s(1, 3_600, picture_s)) == 3_600
    assert not asked
