"""Integer programs, built row by row and solved by HiGHS through SciPy, which whoever imports this loads."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_matrix

Row = Mapping[int, float]

# What a sum of whole numbers may miss by rounding.
ROUNDING = 1e-6
SHORTEST_S = 0.001
# What SciPy answers where HiGHS could not tell anything.
FAILED = 4


@dataclass
class Deadline:
    """The moment at which whoever waits gets the best that was found until then.

    Args:
        seconds: How long from now.
    """

    seconds: float
    _ends_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._ends_at = time.monotonic() + self.seconds

    @property
    def left_s(self) -> float:
        """Seconds until then; never negative."""
        return max(0.0, self._ends_at - time.monotonic())


class Program:
    """Variables, and rows that bound sums of them.

    Args:
        deadline: When solving ends.
        share: How much of the time that is left one solution may take, so that there is time for those after it.
    """

    def __init__(self, deadline: Deadline, share: float):
        self._deadline = deadline
        self._share = share
        self._highest: list[float] = []
        self._is_whole: list[bool] = []
        self._rows: list[tuple[Row, float, float]] = []

    def choices(self, count: int) -> range:
        """New variables that are 0 or 1."""
        return self._variables(count, highest=1, is_whole=True)

    def slacks(self, count: int) -> range:
        """New variables of 0 or more, by which rows may be missed."""
        return self._variables(count, highest=np.inf, is_whole=False)

    def _variables(self, count: int, highest: float, is_whole: bool) -> range:
        first = len(self._highest)
        self._highest += [highest] * count
        self._is_whole += [is_whole] * count
        return range(first, first + count)

    def bound(self, row: Row, low: float = -np.inf, high: float = np.inf) -> None:
        """Keep the sum of the row's variables, each times its factor, from `low` to `high`."""
        self._rows.append((row, low, high))

    def least(self, costs: Row, beside: Sequence[tuple[Row, float, float]] = ()) -> np.ndarray | None:
        """The values of all variables, float64, at which a sum is least.

        Args:
            costs: The sum, as factors of variables.
            beside: Rows that hold this time only.

        Returns:
            The best that was found in time; None where nothing was, or nothing can be.
        """
        rows = [*self._rows, *beside]
        starts = np.cumsum([0] + [len(row) for row, _, _ in rows])
        columns = np.array([column for row, _, _ in rows for column in row], dtype=np.int64)
        factors = np.array([factor for row, _, _ in rows for factor in row.values()], dtype=np.float64)
        matrix = csr_matrix((factors, columns, starts), shape=(len(rows), len(self._highest)))

        cost = np.zeros(len(self._highest))
        for column, factor in costs.items():
            cost[column] = factor
        limits = LinearConstraint(matrix, [low for _, low, _ in rows], [high for _, _, high in rows])
        result = self._solved(cost, limits, presolve=True)
        if result.status == FAILED:
            # HiGHS 1.12 gives up in its presolve on some programs that it solves without.
            result = self._solved(cost, limits, presolve=False)
        return None if result.x is None else np.asarray(result.x)

    def _solved(self, cost: np.ndarray, limits: LinearConstraint, presolve: bool) -> OptimizeResult:
        return milp(
            cost,
            integrality=np.array(self._is_whole, dtype=np.int64),
            bounds=Bounds(0, np.array(self._highest)),
            constraints=limits,
            options={
                "presolve": presolve,
                "time_limit": max(self._deadline.left_s * self._share, SHORTEST_S),
            },
        )


def total(row: Row, values: np.ndarray) -> float:
    """The sum of a row at these values."""
    return float(sum(factor * values[column] for column, factor in row.items()))
