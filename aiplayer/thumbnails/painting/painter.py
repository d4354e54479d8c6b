"""Paint a scene: the one entry point, and which file paints which place."""

import cv2
import numpy as np

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.painting import grading
from aiplayer.thumbnails.painting.cafe import paint_cafe
from aiplayer.thumbnails.painting.canvas import Canvas
from aiplayer.thumbnails.painting.elements import paint_near_elements
from aiplayer.thumbnails.painting.outdoors import OUTDOOR_PAINTERS
from aiplayer.thumbnails.painting.room import paint_room
from aiplayer.thumbnails.painting.scene import Scene
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.weather import paint_weather
from aiplayer.thumbnails.scene_words import INDOOR_PLACES

MINIMUM_PX = 64
# No picture is painted lower than this; a smaller one is shrunk.
PAINTED_HEIGHT_PX = 720
PAINTERS = {**OUTDOOR_PAINTERS, "cafe": paint_cafe, "room": paint_room}
PLACES_WITH_LAKES = ("mountain", "forest", "fields")
# A picture narrower or wider than these proportions (width / height) is cut out of one that has them.
NARROWEST, WIDEST = 0.75, 2.6


def paint(scene: Scene, seed: int, width_px: int = 1280, height_px: int = 720) -> np.ndarray:
    """Paint a scene; the same scene, seed and size always give the same bytes.

    Args:
        scene: What the picture shows.
        seed: Any integer; it seeds every generator of the picture.
        width_px: At least 64.
        height_px: At least 64.

    Returns:
        uint8 [height_px, width_px, 3], RGB.

    Raises:
        InvalidInput: A side is shorter than 64 pixels.
    """
    _require_length(width_px, "width_px")
    _require_length(height_px, "height_px")

    aspect = min(max(width_px / height_px, NARROWEST), WIDEST)
    full_height = max(height_px, round(width_px / aspect))
    # Small pictures are painted large and shrunk, so that thin lines stay thin and every size shows the same picture.
    painted_height = max(PAINTED_HEIGHT_PX, full_height)
    canvas = Canvas(round(painted_height * aspect), painted_height)
    picture = _paint_on(canvas, scene, seed)

    if full_height != painted_height:
        full_width = max(width_px, round(full_height * aspect))
        picture = cv2.resize(picture, (full_width, full_height), interpolation=cv2.INTER_AREA)
    return _cut_middle(picture, width_px, height_px)


def _require_length(length_px: int, field: str) -> None:
    if length_px < MINIMUM_PX:
        raise InvalidInput(
            f"A picture with {field} {length_px} is too small; ask for at least {MINIMUM_PX} pixels.",
            code="picture_too_small",
            field=field,
        )


def _paint_on(canvas: Canvas, scene: Scene, seed: int) -> np.ndarray:
    """Paint a scene on an empty canvas and return the finished picture, uint8 [H, W, 3]."""
    stage = Stage(scene, canvas, seed)
    # A boat in the woods or the mountains lies on the lake there.
    needs_lake = "boat" in scene.elements and scene.place in PLACES_WITH_LAKES
    paint_place = PAINTERS["lake" if needs_lake else scene.place]
    paint_place(stage)
    paint_near_elements(stage)
    if scene.place not in INDOOR_PLACES:
        paint_weather(stage)
    return grading.finish(canvas.image, scene)


def _cut_middle(picture: np.ndarray, width_px: int, height_px: int) -> np.ndarray:
    """Cut the middle, [height_px, width_px, 3], out of a picture that is at least as large."""
    top = (picture.shape[0] - height_px) // 2
    left = (picture.shape[1] - width_px) // 2
    middle = picture[top : top + height_px, left : left + width_px]
    return np.ascontiguousarray(middle)
