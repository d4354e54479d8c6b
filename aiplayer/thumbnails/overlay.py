"""The title on a picture: white letters over a soft shadow."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from aiplayer.thumbnails.title_font import TitleFont, drawable

MAX_LINES = 3
# Shares of the picture's height: the largest and smallest letters, and the margin around the title.
LARGEST, SMALLEST, MARGIN = 0.13, 0.045, 0.08
LETTER_SIZES = 12
# Shares of the letters' size.
LINE_HEIGHT, SHADOW_BLUR = 1.25, 0.12
# How much of its light the picture loses at its bottom edge, of 255.
FADE = 150


def lay_title(picture: np.ndarray, title: str) -> np.ndarray:
    """Write the title in white over a soft shadow, as large as fits in three lines, in the lower left.

    Args:
        picture: uint8 [height, width, 3] RGB.
        title: The title. What no font can draw is left out; what does not fit in the smallest letters is cut with an
            ellipsis.

    Returns:
        uint8 [height, width, 3] RGB; the picture as it is where nothing of the title can be drawn.
    """
    text = drawable(title)
    if not text:
        return picture

    image = Image.fromarray(picture)
    margin = round(MARGIN * image.height)
    font, lines = _fit(text, image.width - 2 * margin, image.height)
    line_height = round(font.size_px * LINE_HEIGHT)
    top = image.height - margin - line_height * len(lines)

    black = Image.new("RGB", image.size)
    image = Image.composite(image, black, _fade(image.size, top - 2 * line_height))

    letters = Image.new("L", image.size)
    drawing = ImageDraw.Draw(letters)
    for number, line in enumerate(lines):
        font.draw(drawing, margin, top + number * line_height, line, fill=255)

    # The blurred letters, twice as strong and then three quarters dark, spread out as a shadow around them.
    blurred = letters.filter(ImageFilter.GaussianBlur(font.size_px * SHADOW_BLUR))
    shadow = blurred.point(lambda value: min(255, value * 2)).point(lambda value: value * 3 // 4)
    image.paste((0, 0, 0), mask=shadow)
    image.paste((255, 255, 255), mask=letters)
    return np.asarray(image)


def _fade(size: tuple[int, int], top: int) -> Image.Image:
    """Return a mask that darkens the picture toward its bottom, so that white stays legible on snow.

    Args:
        size: Width and height in pixels.
        top: The row from which on it darkens.

    Returns:
        An image of shades from 255 (all of the picture's light) to under half of it.
    """
    width, height = size
    first = max(0, top)
    down = np.linspace(0, 1, max(1, height - first))
    bright = np.full(height - len(down), 255.0)
    darkening = 255 - FADE * down**0.7
    column = np.concatenate([bright, darkening]).astype(np.uint8)
    return Image.fromarray(np.repeat(column[:, np.newaxis], width, axis=1))


def _fit(title: str, width_px: int, height_px: int) -> tuple[TitleFont, list[str]]:
    """Find the largest letters in which the title takes at most three lines.

    Args:
        title: The title.
        width_px: The room for a line, in pixels.
        height_px: The height of the picture, in pixels.

    Returns:
        The font, and the lines of the title.
    """
    for share in np.linspace(LARGEST, SMALLEST, LETTER_SIZES):
        font = TitleFont(round(share * height_px))
        lines = _break(title, font, width_px)
        if len(lines) <= MAX_LINES:
            return font, lines

    # Even the smallest letters take more lines: cut the last one so that an ellipsis fits behind it.
    lines = lines[:MAX_LINES]
    last_line = lines[-1]
    while font.length_px(last_line + "…") > width_px:
        last_line = last_line[:-1]
    return font, [*lines[:-1], last_line + "…"]


def _break(title: str, font: TitleFont, width_px: int) -> list[str]:
    """Break a title at spaces; a word wider than the line is broken between letters."""
    lines = [""]
    for word in title.split():
        longer_line = f"{lines[-1]} {word}".strip()
        if font.length_px(longer_line) <= width_px:
            lines[-1] = longer_line
            continue

        if lines[-1]:
            lines.append("")
        for letter in word:
            if font.length_px(lines[-1] + letter) > width_px:
                lines.append("")
            lines[-1] += letter
    return lines
