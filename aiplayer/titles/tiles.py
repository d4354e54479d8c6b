"""Batches cut into tiles of one fixed shape, so that an answer never depends on who else is in the batch.

A matrix product of another height may add the same numbers in another order and differ in the last bit; a playlist
would then change with the load. Rows are therefore computed in tiles of TILE rows, short tiles filled with zeros.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

TILE = 4


def same_length_tiles(lengths: Sequence[int], step: int) -> Iterator[tuple[list[int], int]]:
    """Group rows of nearly equal length into tiles.

    Args:
        lengths: Length of each row.
        step: Rows are padded to the next multiple of this.

    Yields:
        (positions of at most TILE rows, the length that all of them are padded to).
    """
    groups = defaultdict(list)
    for position, length in enumerate(lengths):
        groups[max(1, -(-length // step)) * step].append(position)
    for padded, positions in groups.items():
        for start in range(0, len(positions), TILE):
            yield positions[start : start + TILE], padded
