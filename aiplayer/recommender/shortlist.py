"""The autoencoder's output layer, asked only for what it ranks high.

Source: maximum inner product search by a rough pass and an exact one. Departures: the rough pass is one product with
the table reduced to its SIZE greatest principal directions, no index that has to be built or tuned; and it leaves out
what stands in fewer than FEWEST_USES playlists, half of a large catalogue, of which hardly anything was learnt.
"""

from typing import Self

import numpy as np

from aiplayer.arrays import ExactProduct, greatest, principal_directions

SIZE = 48
FEWEST_USES = 3
ROWS_AT_ONCE = 32_768


class Decoder:
    """Finds the columns of highest logit, and computes the logits of any columns.

    Args:
        table: Rows of the output table, [columns, hidden], of any float type.
        bias: float32 [columns].
        mean_row: What is common to all rows, and moves all logits alike, float32 [hidden].
        often: The columns that the rough pass sees, int64; none where there are few columns.
        directions: float32 [hidden, SIZE].
        rough: Their rows times the directions in steps (`ExactProduct`), int16 [SIZE, often].
        unit: Of a step.
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
        self.table, self.bias, self.mean_row = table, bias, mean_row
        self._often, self._directions = often, directions
        self._rough = ExactProduct(rough, unit)
        self._rough_bias = bias[often]
        self.shortlist = int(shortlist)

    @classmethod
    def of(cls, table: np.ndarray, bias: np.ndarray, uses: np.ndarray, shortlist: int) -> Self:
        """Prepare a table.

        Args:
            table: [columns, hidden], of any float type.
            bias: float32 [columns].
            uses: In how many playlists each column stands, float32 [columns].
            shortlist: How many columns a shortlist has.
        """
        parts = [table[start : start + ROWS_AT_ONCE] for start in range(0, max(len(table), 1), ROWS_AT_ONCE)]
        mean_row = sum(part.astype(np.float32).sum(axis=0) for part in parts) / np.float32(max(len(table), 1))
        often = np.flatnonzero(uses >= FEWEST_USES) if len(table) > shortlist else np.arange(0)
        directions = principal_directions((part.astype(np.float32) - mean_row for part in parts), SIZE)
        chosen = [often[start : start + ROWS_AT_ONCE] for start in range(0, len(often), ROWS_AT_ONCE)]
        reduced = [(table[columns].astype(np.float32) - mean_row) @ directions for columns in chosen]
        rough = ExactProduct.of(np.concatenate([np.zeros((0, directions.shape[1]), np.float32), *reduced]))
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
            "unit": np.float64(self._rough.unit),
            "shortlist": np.int64(self.shortlist),
        }

    def shortlists(self, states: np.ndarray) -> list[np.ndarray]:
        """The columns that are roughly the best for each state, unordered, int64 [shortlist] or all there are.

        Args:
            states: Hidden states, float32 [questions, hidden].
        """
        if len(self.table) <= self.shortlist:
            return [np.arange(len(self.table))] * len(states)
        logits = self._rough(np.stack([state @ self._directions for state in states]))
        logits += self._rough_bias
        return [self._often[greatest(row, self.shortlist)] for row in logits]

    def logits(self, state: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """float32 [hidden], int64 [columns] -> float32 [columns]."""
        return self.table[columns].astype(np.float32) @ state + self.bias[columns]
