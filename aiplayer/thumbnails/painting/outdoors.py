"""Which file paints which outdoor place, and which of them is seen through a window."""

from collections.abc import Callable, Sequence

import numpy as np

from aiplayer.thumbnails.painting.city import paint_city
from aiplayer.thumbnails.painting.fields import paint_fields
from aiplayer.thumbnails.painting.forest import paint_forest
from aiplayer.thumbnails.painting.lake import paint_lake
from aiplayer.thumbnails.painting.mountain import paint_mountain
from aiplayer.thumbnails.painting.road import paint_road
from aiplayer.thumbnails.painting.scene import Scene
from aiplayer.thumbnails.painting.shore import paint_sea
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.street import paint_street

OUTDOOR_PAINTERS: dict[str, Callable[[Stage], None]] = {
    "city": paint_city,
    "street": paint_street,
    "sea": paint_sea,
    "mountain": paint_mountain,
    "forest": paint_forest,
    "road": paint_road,
    "fields": paint_fields,
    "lake": paint_lake,
}
# Through which view a thing is seen best that has no room inside; the first thing that the scene has decides.
BEST_VIEWS = {
    "lighthouse": "sea",
    "boat": "sea",
    "campfire": "lake",
    "tent": "lake",
    "train": "street",
    "car": "road",
    "ferris wheel": "city",
    "fireworks": "city",
    "balloons": "fields",
    "birds": "sea",
}


def choose_view(scene: Scene, usual: Sequence[str], random: np.random.Generator) -> str:
    """The outdoor place before a window: the one that the scene names, else that of its things, else a usual one.

    Args:
        scene: An indoor scene.
        usual: Places that are seen from there, as often as they are listed.
        random: It draws one number.
    """
    drawn = usual[int(random.integers(len(usual)))]
    if scene.view is not None:
        return scene.view
    return next((view for element, view in BEST_VIEWS.items() if element in scene.elements), drawn)
