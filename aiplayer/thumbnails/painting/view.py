"""The world outside a window: another scene painted at half size."""

from dataclasses import replace

import cv2
import numpy as np

from aiplayer.thumbnails.painting.canvas import Canvas
from aiplayer.thumbnails.painting.elements import INDOORS, paint_near_elements
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.weather import paint_weather


def paint_view(
    stage: Stage, painter, place: str, left: float, top: float, width: float, height: float, blur: float
) -> None:
    """Paint a scene of another place into a rectangle of the picture, out of focus by `blur` units."""
    scene = replace(stage.scene, place=place, elements=stage.scene.elements - INDOORS)
    canvas = stage.canvas
    rows, columns = slice(canvas.row(top), canvas.row(top + height)), _columns(canvas, left, width)
    height_px, width_px = rows.stop - rows.start, columns.stop - columns.start
    if height_px < 8 or width_px < 8:
        return
    outside = Stage(scene, Canvas(max(8, width_px // 2), max(8, height_px // 2)), stage.seed)
    painter(outside)
    paint_near_elements(outside)
    paint_weather(outside)
    picture = cv2.GaussianBlur(outside.canvas.image, (0, 0), max(0.3, blur * canvas.scale / 2))
    canvas.image[rows, columns] = cv2.resize(picture, (width_px, height_px), interpolation=cv2.INTER_CUBIC)


def _columns(canvas: Canvas, left: float, width: float) -> slice:
    edges = np.clip(np.round(np.array([left, left + width]) * canvas.scale), 0, canvas.image.shape[1]).astype(int)
    return slice(*edges)
