"""The world outside a window: another scene painted at half size."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from aiplayer.thumbnails.painting.canvas import Canvas
from aiplayer.thumbnails.painting.elements import INDOORS, paint_near_elements
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.weather import paint_weather

SMALLEST_PX = 8


def paint_view(
    stage: Stage,
    painter: Callable[[Stage], None],
    place: str,
    left: float,
    top: float,
    width: float,
    height: float,
    blur: float,
) -> None:
    """Paint a scene of another place into a rectangle of the picture, out of focus.

    Args:
        stage: The room; its scene gives the hour, the weather and what is seen outside.
        painter: It paints the place.
        place: The name of the place.
        left: The left edge of the rectangle, in units.
        top: Its top edge, in units.
        width: Its width, in units.
        height: Its height, in units.
        blur: How far out of focus the view is, in units.
    """
    canvas = stage.canvas
    rows = slice(canvas.row(top), canvas.row(top + height))
    columns = _columns(canvas, left, width)
    height_px = rows.stop - rows.start
    width_px = columns.stop - columns.start
    if height_px < SMALLEST_PX or width_px < SMALLEST_PX:
        return

    scene = replace(stage.scene, place=place, elements=stage.scene.elements - INDOORS)
    half_size = Canvas(max(SMALLEST_PX, width_px // 2), max(SMALLEST_PX, height_px // 2))
    outside = Stage(scene, half_size, stage.seed)
    painter(outside)
    paint_near_elements(outside)
    paint_weather(outside)

    blur_px = max(0.3, blur * canvas.scale / 2)
    picture = cv2.GaussianBlur(outside.canvas.image, (0, 0), blur_px)
    canvas.image[rows, columns] = cv2.resize(picture, (width_px, height_px), interpolation=cv2.INTER_CUBIC)


def _columns(canvas: Canvas, left: float, width: float) -> slice:
    """Return the pixel columns of a span in units, inside the picture."""
    edges = np.array([left, left + width]) * canvas.scale
    start, stop = np.clip(np.round(edges), 0, canvas.image.shape[1]).astype(int)
    return slice(start, stop)
