"""Finishing a painted picture: the title laid over it, and a PNG that says how it was made."""

import io
from importlib.metadata import distribution
from itertools import accumulate

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps
from PIL.PngImagePlugin import PngInfo

from aiplayer.errors import AIPlayerError

MAX_BYTES = 2_000_000
MAX_LINES = 3
# A share of the picture's height each: the largest and smallest letters, and the margin around them.
LARGEST, SMALLEST, MARGIN = 0.13, 0.045, 0.08


def to_png(picture: np.ndarray, facts: dict[str, str]) -> bytes:
    """Encode a picture of uint8 [height, width, 3] RGB as PNG of at most 2 MB.

    Args:
        picture: The picture.
        facts: Written into the PNG's text, each under its name.

    Raises:
        AIPlayerError: the picture cannot be made small enough without losing colours.
    """
    info = PngInfo()
    for name, text in facts.items():
        info.add_itxt(name, text)
    for level in (4, 9):
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, format="PNG", pnginfo=info, compress_level=level)
        if buffer.tell() <= MAX_BYTES:
            return buffer.getvalue()
    raise AIPlayerError(
        f"The picture has {buffer.tell():,} bytes as PNG; YouTube takes {MAX_BYTES:,}. Try another seed."
    )


def fill(picture: np.ndarray, width_px: int, height_px: int) -> np.ndarray:
    """Scale a picture until it covers a size, never squeezed, and cut off what stands over on both sides.

    Args:
        picture: uint8 [height, width, 3] RGB.
        width_px: Of the answer.
        height_px: Of the answer.

    Returns:
        uint8 [height_px, width_px, 3] RGB.
    """
    image = ImageOps.fit(Image.fromarray(picture), (width_px, height_px), Image.Resampling.LANCZOS)
    return np.asarray(image)


def lay_title(picture: np.ndarray, title: str) -> np.ndarray:
    """Write the title in white over a soft shadow, as large as fits in three lines, in the lower left.

    Args:
        picture: uint8 [height, width, 3] RGB.
        title: The title; what does not fit in the smallest letters is cut with an ellipsis.

    Returns:
        uint8 [height, width, 3] RGB.
    """
    image = Image.fromarray(picture)
    margin = round(MARGIN * image.height)
    font, lines = _fit(title, image.width - 2 * margin, image.height)
    line_height = round(font.size * 1.25)
    top = image.height - margin - line_height * len(lines)
    image = Image.composite(image, Image.new("RGB", image.size), _fade(image.size, top - 2 * line_height))
    shadow = Image.new("L", image.size)
    for position, line in enumerate(lines):
        ImageDraw.Draw(shadow).text((margin, top + position * line_height), line, font=font, fill=255)
    blurred = shadow.filter(ImageFilter.GaussianBlur(font.size * 0.12)).point(lambda value: min(255, value * 2))
    image.paste((0, 0, 0), mask=blurred.point(lambda value: value * 3 // 4))
    image.paste((255, 255, 255), mask=shadow)
    return np.asarray(image)


def _fade(size: tuple[int, int], top: int) -> Image.Image:
    """A mask that darkens towards the bottom, to under half of the light, so that white stays legible on snow."""
    width, height = size
    rows = np.linspace(0, 1, max(1, height - max(0, top)))
    column = np.concatenate([np.full(height - len(rows), 255.0), 255 - 150 * rows**0.7])
    return Image.fromarray(np.repeat(column.astype(np.uint8)[:, np.newaxis], width, axis=1))


def _fit(title: str, width_px: int, height_px: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest letters in which the title takes at most three lines."""
    for share in np.linspace(LARGEST, SMALLEST, 12):
        font = title_font(round(share * height_px))
        lines = _break(title, font, width_px)
        if len(lines) <= MAX_LINES:
            return font, lines
    lines = lines[:MAX_LINES]
    while font.getlength(lines[-1] + "…") > width_px:
        lines[-1] = lines[-1][:-1]
    return font, [*lines[:-1], lines[-1] + "…"]


def _break(title: str, font: ImageFont.FreeTypeFont, width_px: int) -> list[str]:
    """Break at spaces; a word wider than the line is broken between letters."""
    lines = [""]
    for word in title.split():
        joined = f"{lines[-1]} {word}".strip()
        if font.getlength(joined) <= width_px:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for letters in accumulate(word):
            if font.getlength(lines[-1] + letters[-1]) > width_px:
                lines.append("")
            lines[-1] += letters[-1]
    return lines


def title_font(size_px: int) -> ImageFont.FreeTypeFont:
    """NanumGothic ExtraBold (SIL Open Font Licence), which holds Korean and Latin letters."""
    path = distribution("koreanize-matplotlib").locate_file("koreanize_matplotlib/fonts/NanumGothicExtraBold.ttf")
    return ImageFont.truetype(str(path), size_px)
