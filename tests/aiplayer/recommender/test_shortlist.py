"""The shortlist of a table of 5,000 rows whose logits are known."""

import numpy as np
import pytest

from aiplayer.recommender.shortlist import FEWEST_USES, OutputTable

RANDOM = np.random.default_rng(0)
# A trained table is far from round: its directions matter less and less.
TABLE = (RANDOM.standard_normal((5_000, 128)) * 0.97 ** np.arange(128)).astype(np.float32)
BIAS = RANDOM.standard_normal(5_000).astype(np.float32)
SHORTLIST = 1_000
OFTEN = np.full(5_000, FEWEST_USES)
STATES = RANDOM.standard_normal((3, 128)).astype(np.float32)


@pytest.fixture(scope="module")
def decoder():
    return OutputTable.prepare(TABLE, BIAS, OFTEN, SHORTLIST)


def test_logits_are_those_of_the_table(decoder):
    columns = np.array([7, 4_000, 3])
    assert decoder.logits(STATES[0], columns) == pytest.approx((TABLE @ STATES[0] + BIAS)[columns], rel=1e-5, abs=1e-5)


def test_a_shortlist_holds_nearly_all_of_the_best(decoder):
    for state, shortlist in zip(STATES, decoder.shortlists(STATES), strict=True):
        best = np.argsort(-(TABLE @ state + BIAS))[:100]
        assert len(set(shortlist)) == SHORTLIST
        assert np.isin(best, shortlist).mean() > 0.97


def test_a_shortlist_is_the_same_alone_and_in_company(decoder):
    alone = [decoder.shortlists(state[np.newaxis])[0] for state in STATES]
    assert np.array_equal(decoder.shortlists(STATES), alone)


def test_of_a_small_table_everything_is_on_the_shortlist():
    few = OutputTable.prepare(TABLE[:20], BIAS[:20], np.zeros(20), SHORTLIST)
    assert few.shortlists(STATES)[2].tolist() == list(range(20))
    assert OutputTable.prepare(TABLE[:0], BIAS[:0], OFTEN[:0], SHORTLIST).shortlists(STATES)[0].tolist() == []


def test_what_is_used_too_rarely_is_not_on_the_shortlist():
    uses = np.arange(5_000) % 5
    for shortlist in OutputTable.prepare(TABLE, BIAS, uses, SHORTLIST).shortlists(STATES):
        assert len(set(shortlist)) == SHORTLIST
        assert uses[shortlist].min() == FEWEST_USES
