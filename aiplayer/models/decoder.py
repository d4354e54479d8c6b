"""The autoencoder's output layer, asked only for what it ranks high.

Source: maximum inner product search by a rough pass and an exact one. Departure: the rough pass is one product with
the table reduced to its SIZE greatest principal directions; no index that has to be built or tuned.
"""

import numpy as np

from aiplayer.exact_product import ExactProduct
from aiplayer.principal import principal_directions
from aiplayer.selection import greatest

SIZE = 64
SHORTLIST = 1_000
ROWS_AT_ONCE = 32_768


class Decoder:
    """Finds the columns of highest logit, and computes the logits of any columns.

    Args:
        table: Rows of the output table, [columns, hidden], of any float type.
        bias: float32 [columns].
    """

    def __init__(self, table: np.ndarray, bias: np.ndarray):
        self.table, self.bias = table, bias
        parts = [table[start : start + ROWS_AT_ONCE] for start in range(0, len(table), ROWS_AT_ONCE)]
        # What is common to all rows moves all logits alike.
        self.mean_row = sum(part.astype(np.float32).sum(axis=0) for part in parts) / max(len(table), 1)
        if len(table) > SHORTLIST:
            self._directions = principal_directions((part.astype(np.float32) - self.mean_row for part in parts), SIZE)
            reduced = [(part.astype(np.float32) - self.mean_row) @ self._directions for part in parts]
            self._rough = ExactProduct(np.concatenate(reduced))

    def __len__(self) -> int:
        return len(self.table)

    def shortlists(self, states: np.ndarray) -> list[np.ndarray]:
        """The columns that are roughly the best for each state, unordered, int64 [SHORTLIST] or all there are.

        Args:
            states: Hidden states, float32 [questions, hidden].
        """
        if len(self.table) <= SHORTLIST:
            return [np.arange(len(self.table))] * len(states)
        logits = self._rough(np.stack([state @ self._directions for state in states]))
        logits += self.bias
        return [greatest(row, SHORTLIST) for row in logits]

    def logits(self, state: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """float32 [hidden], int64 [columns] -> float32 [columns]."""
        return self.table[columns].astype(np.float32) @ state + self.bias[columns]
