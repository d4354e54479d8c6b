"""Sparse matrices from rows of columns."""

import numpy as np
from scipy.sparse import csr_matrix


def matrix(rows: list[np.ndarray], columns: int) -> csr_matrix:
    """Rows of columns -> 0/1, float32 [rows, columns]."""
    bounds = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    indices = np.concatenate(rows)
    return csr_matrix((np.ones(len(indices), dtype=np.float32), indices, bounds), shape=(len(rows), columns))
