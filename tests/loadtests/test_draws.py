import numpy as np
import pytest

from loadtests.draws import Skew, deal, draw, make_lengths, make_words


def test_lengths_keep_median_and_mean_at_any_count():
    for count in (115, 115_071):
        lengths = make_lengths(np.random.default_rng(3), count)
        assert np.median(lengths) == 29
        assert lengths.mean() == pytest.approx(46, abs=0.1)


def test_dealing_uses_every_kind_and_repeats_none_in_a_basket():
    sizes = np.array([3, 0, 1, 3, 2])
    items = deal(np.random.default_rng(0), sizes, kinds=4, skew=Skew(slope=1.15, shift=5e-4))
    assert set(items) == {0, 1, 2, 3}
    for basket in np.split(items, np.cumsum(sizes)):
        assert len(set(basket)) == len(basket)


def test_drawing_follows_its_density():
    """With slope 2 and shift 1 the first half of the kinds has 2 (1 - 1 / 1.5) = 2/3 of the draws."""
    ranks = draw(np.random.default_rng(0), 100_000, kinds=10, skew=Skew(slope=2.0, shift=1.0))
    assert (ranks.min(), ranks.max()) == (0, 9)
    assert (ranks < 5).mean() == pytest.approx(2 / 3, abs=0.01)


def test_words_are_different_and_half_of_them_korean():
    words = make_words(np.random.default_rng(0), 5000)
    assert words.n_unique() == len(words) == 5000
    assert words.str.contains("^([가-힣]{1,4}|[a-z]{2,9})$").all()
    assert words.str.contains("[가-힣]").mean() == pytest.approx(0.5, abs=0.05)
