"""The scene painter: a scene read from an English prompt (`scene`) becomes an illustrated landscape (`painter`).

Each place has a file of its own; `canvas` is the picture, `layer` the sheets that shapes are drawn on, and `palette`
holds the colors that all places share.
"""

from aiplayer.thumbnails.painting.painter import paint
from aiplayer.thumbnails.painting.scene import Scene, describe, read_scene

__all__ = ["Scene", "describe", "paint", "read_scene"]
