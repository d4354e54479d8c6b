"""Reads playlists into the database: the Melon format in bulk, a creator's own playlists from CSV.
No dirty record stops an import, and none goes unmentioned."""

from training.dataset.dirt import Dirt
from training.dataset.load import import_csv, import_melon

__all__ = ["Dirt", "import_csv", "import_melon"]
