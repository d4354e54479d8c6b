"""Numbers that Polars computes of a column, as what they are: its own types stand for columns of every kind."""


def whole(value: object) -> int:
    """The least, the greatest or another whole number of a column of whole numbers.

    Raises:
        TypeError: the column has no values, or others than whole numbers.
    """
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number.")
    return value


def real(value: object) -> float:
    """A median or another quantile of a column of numbers.

    Raises:
        TypeError: the column has no values, or others than numbers.
    """
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number.")
    return value
