"""The autoencoder's output layer, asked only for what it ranks high.

Source: maximum inner product search by a rough pass and an exact one. Departures: the rough pass is one product with
the table reduced to its SIZE greatest principal directions, no index that has to be built or tuned; and it leaves out
what stands in fewer than FEWEST_USES playlists, half of a large catalogue, of which hardly anything was learned.
"""

from collections.abc import Iterator
from typing import Self

import numpy as np

from aiplayer.arrays import ExactProduct, principal_directions, top_k

SIZE = 48
FEWEST_USES = 3
ROWS_AT_ONCE = 32_768


class OutputTable:
    """Finds the columns of highest logit, and computes the logits of any columns.

    Args:
        table: The row of each column, [columns, hidden], of any float type.
        bias: The bias of each column, float32 [columns].
        mean_row: What is common to all rows, and moves all logits alike, float32 [hidden].
        often: The columns that the rough pass sees, int64; none where there are few columns.
        directions: float32 [hidden, SIZE].
        rough: The rows of `often` times the directions in steps (`ExactProduct`), int16 [SIZE, often].
        unit: The size of such a step.
        shortlist: How many columns a shortlist has.
    """

    def __init__(
        self,
        table: np.ndarray,
        bias: np.ndarray,
        mean_row: np.ndarray,
        often: np.ndarray,
        directions: np.ndarray,
        rough: np.ndarray,
        unit: float,
        shortlist: int,
    ):
        self.table = table
        self.bias = bias
        self.mean_row = mean_row
        self.shortlist = int(shortlist)
        self._often = often
        self._directions = directions
        self._rough = ExactProduct(rough, unit)
        self._rough_bias = bias[often]

    @classmethod
    def prepare(cls, table: np.ndarray, bias: np.ndarray, uses: np.ndarray, shortlist: int) -> Self:
        """Find the directions of a table, and reduce its rows to them.

        Args:
            table: The row of each column, [columns, hidden], of any float type.
            bias: The bias of each column, float32 [columns].
            uses: In how many playlists each column stands, float32 [columns].
            shortlist: How many columns a shortlist has.
        """
        row_count = np.float32(max(len(table), 1))
        total = sum(part.sum(axis=0) for part in _parts(table))
        mean_row = total / row_count
        # A generator: the whole table in float32 is never held at once.
        centered_parts = (part - mean_row for part in _parts(table))
        directions = principal_directions(centered_parts, SIZE)

        is_large = len(table) > shortlist
        often = np.flatnonzero(uses >= FEWEST_USES) if is_large else np.arange(0)

        # An empty part comes first, so that there is one to join where no column is often used.
        _, direction_count = directions.shape
        reduced = [np.zeros((0, direction_count), np.float32)]
        for start in range(0, len(often), ROWS_AT_ONCE):
            columns = often[start : start + ROWS_AT_ONCE]
            centered = table[columns].astype(np.float32) - mean_row
            reduced.append(centered @ directions)

        rough = ExactProduct.from_rows(np.concatenate(reduced))
        return cls(table, bias, mean_row, often, directions, rough.steps, rough.unit, shortlist)

    def __len__(self) -> int:
        return len(self.table)

    def arrays(self) -> dict[str, np.ndarray]:
        """All but the table, by the names of the arguments."""
        return {
            "bias": self.bias,
            "mean_row": self.mean_row,
            "often": self._often,
            "directions": self._directions,
            "rough": self._rough.steps.astype(np.int16),
            "unit": np.array(self._rough.unit),
            "shortlist": np.array(self.shortlist),
        }

    def shortlists(self, states: np.ndarray) -> list[np.ndarray]:
        """The columns that are roughly the best for each state, unordered, int64 [shortlist] or all there are.

        Args:
            states: Hidden states, float32 [queries, hidden].
        """
        column_count = len(self.table)
        if column_count <= self.shortlist:
            return [np.arange(column_count)] * len(states)

        # One product a state, so that no sum depends on the batch.
        reduced = np.stack([state @ self._directions for state in states])
        logits = self._rough(reduced)
        logits += self._rough_bias
        return [self._often[top_k(row, self.shortlist)] for row in logits]

    def logits(self, state: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """float32 [hidden], int64 [columns] -> float32 [columns]."""
        rows = self.table[columns].astype(np.float32)
        return rows @ state + self.bias[columns]


def _parts(table: np.ndarray) -> Iterator[np.ndarray]:
    """The rows of a table, ROWS_AT_ONCE at a time, float32 [rows, hidden]; one part without rows of an empty table."""
    for start in range(0, max(len(table), 1), ROWS_AT_ONCE):
        part = table[start : start + ROWS_AT_ONCE]
        yield part.astype(np.float32)
