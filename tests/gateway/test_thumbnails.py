"""One picture that could not be painted gets another seed, and never costs the others."""

import asyncio
import io

import numpy as np
import pytest
from PIL import Image

from aiplayer.errors import InvalidInput, NotPainted
from aiplayer.thumbnails.request import PaintedPicture, PictureWish
from gateway.thumbnails import finished_png, paint_pictures

GREY = np.full((72, 128, 3), 90, np.uint8)


class Runner:
    """Paints every seed but those that fail, and notes what it was asked for.

    Args:
        failing: Seeds that cannot be painted.
    """

    def __init__(self, *failing: int):
        self.failing = failing
        self.calls: list[list[int]] = []

    async def paint(self, wishes: list[PictureWish]) -> list[PaintedPicture]:
        assert all(wish.named == {"place": "lake"} for wish in wishes)
        self.calls.append([wish.seed for wish in wishes])
        return [self._paint_one(wish) for wish in wishes]

    def _paint_one(self, wish: PictureWish) -> PaintedPicture:
        facts = {"prompt": wish.prompt, "negative_prompt": wish.negative_prompt}
        if wish.seed in self.failing:
            return PaintedPicture(facts, refusal=NotPainted(f"{wish.seed} cannot be painted."))
        return PaintedPicture(facts, GREY)


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


def test_the_png_says_which_seed_it_is_of():
    png = Image.open(io.BytesIO(finished_png(PaintedPicture({"prompt": "a lake"}, GREY), None, 11)))
    assert png.text == {"prompt": "a lake", "seed": "11"}
    titled = Image.open(io.BytesIO(finished_png(PaintedPicture({}, GREY), "재즈", 11)))
    assert np.asarray(titled).max() == 255


def test_a_refusal_keeps_its_words_on_the_way_from_the_runner():
    refusal = InvalidInput("Nothing is left.", code="nothing_left_to_paint", field="negative_prompt")
    with pytest.raises(InvalidInput) as raised:
        PaintedPicture({}, refusal=refusal).required()
    assert raised.value.as_dict() == refusal.as_dict()
