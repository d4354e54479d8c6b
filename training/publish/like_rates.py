"""How often generations of each set of models are liked, with intervals that hold whenever one looks.

An interval for a fixed number of generations is wrong for whoever looks every day and stops when it excludes zero: by
then it has had many chances to. A confidence sequence holds at all times at once. For n generations of which s are
liked it is every rate p against which a bettor, who spreads its money over all rates, has not made 1 / α times of it:

    p^s (1 − p)^(n − s) > α · B(a + s, b + n − s) / B(a, b),  a = b = 1/2

Source: Robbins, "Statistical methods related to the law of the iterated logarithm" (1970), the mixture of
likelihood ratios under a Beta prior; Ville's inequality says that it holds at all times.
"""

import math
from typing import NamedTuple

from aiplayer.catalogue import LikeCount

LEVEL = 0.95
PRIOR = 0.5


class Interval(NamedTuple):
    """Where a figure lies."""

    low: float
    high: float


def like_rate(count: LikeCount, level: float = LEVEL) -> Interval:
    """The share of generations that are liked, wherever it is at any time with this certainty.

    Args:
        count: How many there are, and how many are liked.
        level: The certainty, 0 to 1.
    """
    # Whoever lists sets need not wait for it.
    from scipy.optimize import brentq
    from scipy.special import betaln

    generations, liked = count
    if not generations:
        return Interval(0.0, 1.0)
    others = generations - liked
    bound = math.log(1 - level) + float(betaln(PRIOR + liked, PRIOR + others) - betaln(PRIOR, PRIOR))

    def excess(rate: float) -> float:
        """How far the likelihood of a rate is above the bound."""
        return liked * math.log(rate) + others * math.log1p(-rate) - bound

    best = min(max(liked / generations, 1e-12), 1 - 1e-12)
    low = brentq(excess, 1e-300, best) if liked else 0.0
    high = brentq(excess, best, 1 - 1e-15) if others else 1.0
    return Interval(low, high)


def rate_difference(new: LikeCount, old: LikeCount, level: float = LEVEL) -> Interval:
    """How much more often generations of one set are liked than those of another.

    Each rate is bounded with half of the doubt, so both hold together.
    """
    half_doubt = 1 - (1 - level) / 2
    new_rate, old_rate = (like_rate(count, half_doubt) for count in (new, old))
    return Interval(new_rate.low - old_rate.high, new_rate.high - old_rate.low)
