"""Which energy each place of a list asks for, and whether a list rises and falls as is wished."""

from collections.abc import Sequence

from aiplayer.playlist.wishes.wish import Order

# An arc is at its liveliest here; its peak counts from the middle to two thirds of the way.
PEAK = 0.6
EARLIEST_PEAK, LATEST_PEAK = 1 / 2, 2 / 3


def place_energies(energies: Sequence[float], order: Order, places: Sequence[int], count: int) -> dict[int, float]:
    """The energies of songs in the order that is wished, by their places.

    Args:
        energies: Of the songs, 0 (calm) to 1 (lively).
        order: Any order but RANKED.
        places: The places of these songs in the list, from 0 on; others have a song already.
        count: How many songs the list has.
    """
    heights = _heights(count, order)
    from_below = sorted(places, key=lambda place: heights[place])
    return dict(zip(from_below, sorted(energies), strict=True))


def _heights(count: int, order: Order) -> list[float]:
    """How lively each place is beside the others."""
    if order == Order.CALM_TO_LIVELY:
        return [float(place) for place in range(count)]
    if order == Order.LIVELY_TO_CALM:
        return [-float(place) for place in range(count)]

    peak = round(PEAK * (count - 1))
    rising = [place / max(peak, 1) for place in range(peak + 1)]
    falling = [1 - (place - peak) / (count - 1 - peak) for place in range(peak + 1, count)]
    return rising + falling


def steps_against(energies: Sequence[float], order: Order) -> int:
    """How many steps from one song to the next go the other way; 0 where the list is in this order.

    Args:
        energies: Of the songs, in the order of the list.
        order: Any order but RANKED. An ARC may have its peak wherever that leaves the fewest.
    """
    count = len(energies)
    if order == Order.CALM_TO_LIVELY:
        peaks = [count - 1]
    elif order == Order.LIVELY_TO_CALM:
        peaks = [0]
    else:
        earliest, latest = int(EARLIEST_PEAK * (count - 1)), -int(-LATEST_PEAK * (count - 1) // 1)
        peaks = list(range(earliest, latest + 1))
    return min((_against(energies, peak) for peak in peaks), default=0)


def _against(energies: Sequence[float], peak: int) -> int:
    """Steps down before a peak, and steps up after it."""
    against = 0
    for place in range(1, len(energies)):
        step = energies[place] - energies[place - 1]
        against += step < 0 if place <= peak else step > 0
    return against
