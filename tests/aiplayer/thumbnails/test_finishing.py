"""What a PNG says of its picture, and the title on it."""

import io

import numpy as np
from PIL import Image

from aiplayer.thumbnails.finishing import finish, with_title
from aiplayer.thumbnails.request import FinishedPicture, PaintedPicture

GREY = np.full((72, 128, 3), 90, np.uint8)


def opened(finished: FinishedPicture) -> Image.Image:
    return Image.open(io.BytesIO(finished.png))


def test_the_png_says_how_it_was_made_and_of_which_seed_it_is():
    finished = finish(PaintedPicture({"prompt": "a lake"}, GREY), 11)
    assert finished.facts == {"prompt": "a lake", "seed": "11"}
    assert opened(finished).text == finished.facts
    assert np.array_equal(np.asarray(opened(finished)), GREY)


def test_a_title_is_written_on_the_picture_and_says_no_more_of_it():
    plain = finish(PaintedPicture({"prompt": "a lake"}, GREY), 11)
    titled = with_title(plain, "재즈")
    assert np.asarray(opened(titled)).max() == 255
    assert opened(titled).text == opened(plain).text
