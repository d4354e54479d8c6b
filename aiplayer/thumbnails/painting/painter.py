"""Paint a scene: the one entry point, and which file paints which place."""

import cv2
import numpy as np

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.painting import grading
from aiplayer.thumbnails.painting.cafe import paint_cafe
from aiplayer.thumbnails.painting.canvas import Canvas
from aiplayer.thumbnails.painting.city import paint_city
from aiplayer.thumbnails.painting.elements import paint_near_elements
from aiplayer.thumbnails.painting.fields import paint_fields
from aiplayer.thumbnails.painting.forest import paint_forest
from aiplayer.thumbnails.painting.lake import paint_lake
from aiplayer.thumbnails.painting.mountain import paint_mountain
from aiplayer.thumbnails.painting.road import paint_road
from aiplayer.thumbnails.painting.room import paint_room
from aiplayer.thumbnails.painting.scene import Scene
from aiplayer.thumbnails.painting.shore import paint_sea
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.street import paint_street
from aiplayer.thumbnails.painting.weather import paint_weather

MINIMUM_PX = 64
PAINTERS = {
    "city": paint_city,
    "street": paint_street,
    "sea": paint_sea,
    "mountain": paint_mountain,
    "forest": paint_forest,
    "road": paint_road,
    "fields": paint_fields,
    "lake": paint_lake,
    "cafe": paint_cafe,
    "room": paint_room,
}
INDOORS = ("cafe", "room")
# Narrower or wider pictures than this are cut out of one of these proportions.
NARROWEST, WIDEST = 0.75, 2.6


def paint(scene: Scene, seed: int, width_px: int = 1280, height_px: int = 720) -> np.ndarray:
    """Paint a scene; the same scene, seed and size always give the same bytes.

    Returns uint8 [height_px, width_px, 3], RGB. Raises InvalidInput when a side is shorter than 64 pixels.
    """
    for field, side in (("width_px", width_px), ("height_px", height_px)):
        if side < MINIMUM_PX:
            raise InvalidInput(
                code="picture_too_small",
                field=field,
                message=f"{field} is {side}; ask for at least {MINIMUM_PX} pixels",
            )
    aspect = min(max(width_px / height_px, NARROWEST), WIDEST)
    full_height = max(height_px, round(width_px / aspect))
    # Small pictures are painted large and shrunk, so that thin lines stay thin and every size shows the same picture.
    painted_height = max(720, full_height)
    stage = Stage(scene, Canvas(round(painted_height * aspect), painted_height), seed)
    PAINTERS[scene.place](stage)
    paint_near_elements(stage)
    if scene.place not in INDOORS:
        paint_weather(stage)
    picture = grading.finish(stage.canvas.image, scene)
    if full_height != painted_height:
        picture = cv2.resize(
            picture, (max(width_px, round(full_height * aspect)), full_height), interpolation=cv2.INTER_AREA
        )
    top, left = (picture.shape[0] - height_px) // 2, (picture.shape[1] - width_px) // 2
    return np.ascontiguousarray(picture[top : top + height_px, left : left + width_px])
