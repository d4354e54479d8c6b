"""Playlists that no model learns from, so that a new model and the one in use can be asked about them.

Which they are follows from their numbers alone: it is the same at every training, on every machine.
"""

import hashlib
from collections.abc import Sequence

from aiplayer.catalogue.tables import OWN_IDS_FROM

SHARE, MOST = 0.04, 2_000
# A small catalogue has nothing to spare.
FEWEST_PLAYLISTS = 1_000


def held_back(playlist_ids: Sequence[int]) -> frozenset[int]:
    """Those of the playlists that are kept from training; a creator's own never are.

    Args:
        playlist_ids: The playlists that could be asked about.
    """
    candidates = [playlist_id for playlist_id in playlist_ids if playlist_id < OWN_IDS_FROM]
    if len(candidates) < FEWEST_PLAYLISTS:
        return frozenset()
    count = min(MOST, int(SHARE * len(candidates)))
    return frozenset(sorted(candidates, key=_place)[:count])


def _place(playlist_id: int) -> bytes:
    """The place of a playlist in an order that says nothing of it."""
    return hashlib.sha256(str(playlist_id).encode()).digest()
