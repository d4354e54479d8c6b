"""The interval of a like rate holds however often one looks."""

import numpy as np
import pytest

from aiplayer.catalogue import LikeCount
from training.publish.like_rates import like_rate, rate_difference

RUNS, LONGEST = 300, 600


def test_an_interval_holds_the_rate_and_narrows():
    wide, narrow = like_rate(LikeCount(20, 5)), like_rate(LikeCount(2_000, 500))
    for interval in (wide, narrow):
        assert interval.low < 0.25 < interval.high
    assert narrow.high - narrow.low < 0.1 < wide.high - wide.low


@pytest.mark.parametrize(("count", "ends"), [((0, 0), (0, 1)), ((30, 0), (0, None)), ((30, 30), (None, 1))], ids=str)
def test_nothing_and_all_are_bounded_on_one_side_only(count, ends):
    interval = like_rate(LikeCount(*count))
    for end, expected in zip(interval, ends, strict=True):
        assert end == expected if expected is not None else 0 < end < 1


def test_who_looks_after_every_generation_is_misled_in_one_of_twenty_runs_at_most():
    from scipy.stats import binom

    random = np.random.default_rng(3)
    rate = 0.3
    misled_by_sequence = misled_by_usual = 0
    for _ in range(RUNS):
        likes = np.cumsum(random.random(LONGEST) < rate)
        looks = np.arange(10, LONGEST, 10)
        liked = likes[looks - 1]
        intervals = [like_rate(LikeCount(*map(int, count))) for count in zip(looks, liked, strict=True)]
        misled_by_sequence += any(not interval.low <= rate <= interval.high for interval in intervals)
        tails = np.minimum(binom.cdf(liked, looks, rate), binom.sf(liked - 1, looks, rate))
        misled_by_usual += bool((tails < 0.025).any())
    assert misled_by_sequence <= 0.05 * RUNS
    # What would be right for one look is wrong for many.
    assert misled_by_usual > 0.1 * RUNS


def test_a_set_is_better_where_the_whole_interval_says_so():
    better = rate_difference(LikeCount(1_000, 500), LikeCount(1_000, 300))
    equal = rate_difference(LikeCount(1_000, 310), LikeCount(1_000, 300))
    assert better.low > 0
    assert equal.low < 0 < equal.high
    worse = rate_difference(LikeCount(1_000, 300), LikeCount(1_000, 500))
    assert worse == pytest.approx([-better.high, -better.low])
