"""The contact sheet shows every title as every model paints it."""

import numpy as np
import pytest

from aiplayer.settings import Settings
from training.diffusion.sheet import (
    COLUMNS,
    GAP_PX,
    HEIGHT_PX,
    INNER_GAP_PX,
    LINE_PX,
    TITLES,
    WIDTH_PX,
    contact_sheet,
    prompts_of,
)

pytestmark = pytest.mark.heavy


class Plain:
    """Paints one shade, as bright as the prompt is long."""

    def __init__(self, strength: int):
        self.strength = strength

    def paint(self, wishes):
        return np.stack([np.full((90, 160, 3), self.strength * len(wish.prompt), np.uint8) for wish in wishes])


def test_every_title_stands_over_a_picture_of_every_model():
    titles = [f"title {number}" for number in range(COLUMNS + 1)]
    prompts = [f"{'a' * number} lake" for number in range(COLUMNS + 1)]
    sheet = np.asarray(contact_sheet(titles, prompts, [Plain(10), Plain(20)]))
    cell_height = LINE_PX + HEIGHT_PX + GAP_PX
    cell_width = 2 * (WIDTH_PX + INNER_GAP_PX) + GAP_PX
    for number, prompt in enumerate(prompts):
        row, column = divmod(number, COLUMNS)
        top = GAP_PX + row * cell_height
        left = GAP_PX + column * cell_width
        assert (sheet[top : top + LINE_PX, left : left + WIDTH_PX] < 128).any()
        for place, strength in enumerate((10, 20)):
            start = left + place * (WIDTH_PX + INNER_GAP_PX)
            picture = sheet[top + LINE_PX : top + LINE_PX + HEIGHT_PX, start : start + WIDTH_PX]
            assert (picture == strength * len(prompt)).all()


def test_titles_are_asked_for_as_the_service_asks(served_use):
    assert len(set(TITLES)) == 40
    rain, sea = prompts_of(
        ["비 오는 날 창밖을 보며 듣는 재즈", "Sunset at the beach"],
        lambda titles: served_use.embed(list(titles)),
        Settings(),
    )
    assert "in the rain" in rain
    assert "the sea at sunset" in sea
