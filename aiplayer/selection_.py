"""The greatest of many values."""

import numpy as np

# Where that many are wanted of far more, a sample says how great they must be.
STRIDE, FAR_MORE = 16, 64


def greatest(values: np.ndarray, count: int) -> np.ndarray:
    """Where the `count` greatest values are, or all, int64, in no order.

    Args:
        values: float32 [n].
        count: At least 1.
    """
    if len(values) <= count:
        return np.arange(len(values))
    if len(values) > FAR_MORE * count:
        sample, above = values[::STRIDE], 2 * count // STRIDE
        great = np.flatnonzero(values >= np.partition(sample, -above)[-above])
        if len(great) >= count:
            return great[np.argpartition(values[great], -count)[-count:]] if len(great) > count else great
    return np.argpartition(values, -count)[-count:]


def best(values: np.ndarray, count: int) -> np.ndarray:
    """Where the `count` greatest values are, or all, the greatest first, equal ones in their own order."""
    found = np.sort(greatest(values, count)) if count else np.arange(0)
    return found[np.argsort(-values[found], kind="stable")]
