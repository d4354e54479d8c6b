"""Finish a painted picture: bring it to its size, and encode a PNG that says how it was made and is never too large."""

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageFilter, ImageOps
from PIL.PngImagePlugin import PngInfo

# YouTube takes no larger thumbnail.
MAX_BYTES = 2_000_000
# How hard zlib tries: quickly first, and as hard as it can where that does not suffice.
QUICK, HARD = 4, 9
# Shades of a channel lie this far apart where all 256 of them take too many bytes: one shade off, or two, is not seen.
SHADE_STEPS = (2, 4)
# Grain is smoothed by a blur of this radius, in pixels, where that does not suffice.
SMOOTHING_PX = 1
# Colors of a palette for what is still too large, which is hardly more than noise; the second always fits.
PALETTES = (256, 16)
WHITE = 255


def to_png(picture: np.ndarray, facts: dict[str, str]) -> bytes:
    """Encode a picture as PNG of at most 2 MB.

    A picture that takes more, such as one full of grain, loses what the eye sees least: first the finest differences
    between shades, then its grain, at last all but the colors of a palette.

    Args:
        picture: uint8 [height, width, 3] RGB.
        facts: Texts to write into the PNG, each under its name.

    Returns:
        The PNG file.
    """
    info = PngInfo()
    for name, text in facts.items():
        info.add_itxt(name, text)

    for image, level in _ever_smaller(Image.fromarray(picture)):
        buffer = io.BytesIO()
        image.save(buffer, format="PNG", pnginfo=info, compress_level=level)
        if buffer.tell() <= MAX_BYTES:
            break
    return buffer.getvalue()


def _ever_smaller(image: Image.Image) -> Iterator[tuple[Image.Image, int]]:
    """Ways to encode a picture, from the best to the smallest: the image, and zlib's level."""
    yield image, QUICK
    yield image, HARD

    for step in SHADE_STEPS:
        yield _with_fewer_shades(image, step), QUICK

    smoothed = image.filter(ImageFilter.GaussianBlur(SMOOTHING_PX))
    yield _with_fewer_shades(smoothed, SHADE_STEPS[-1]), QUICK

    for color_count in PALETTES:
        yield smoothed.quantize(color_count, method=Image.Quantize.FASTOCTREE), QUICK


def _with_fewer_shades(image: Image.Image, step: int) -> Image.Image:
    """An image whose shades are multiples of a step, and white."""
    nearest_shades = [min(WHITE, round(shade / step) * step) for shade in range(WHITE + 1)]
    return image.point(nearest_shades * len(image.getbands()))


def fill(picture: np.ndarray, width_px: int, height_px: int) -> np.ndarray:
    """Scale a picture until it covers a size, never squeezed, and cut off equally what stands out on two sides.

    Args:
        picture: uint8 [height, width, 3] RGB.
        width_px: The width to cover, in pixels.
        height_px: The height to cover, in pixels.

    Returns:
        uint8 [height_px, width_px, 3] RGB.
    """
    image = ImageOps.fit(Image.fromarray(picture), (width_px, height_px), Image.Resampling.LANCZOS)
    return np.asarray(image)
