"""The ranker's network on made-up evidence, against the formula written out."""

import numpy as np
import pytest

from aiplayer.errors import ModelMissing
from aiplayer.recommender.ranker import EVIDENCE, HIDDEN, Network, Ranker, gather_evidence
from aiplayer.recommender.votes import FEATURE_COUNT, Branch, Votes

RANDOM = np.random.default_rng(0)
SHAPES = (len(Branch),), (EVIDENCE, HIDDEN), (HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN, 1), (1,)
NETWORK = Network([RANDOM.standard_normal(shape).astype(np.float32) for shape in SHAPES])
FEATURES = RANDOM.random(FEATURE_COUNT).astype(np.float32)


def question(columns):
    """What the branches say of that many columns, and their uses; the last branch is silent about the first."""
    probabilities = RANDOM.dirichlet(np.ones(columns), size=len(Branch)).T.astype(np.float32)
    probabilities[0, -1] = 0
    votes = Votes(np.arange(columns), np.zeros(columns, dtype=bool), probabilities)
    return votes, RANDOM.integers(1, 50, columns).astype(np.float32)


def test_evidence_is_logarithmic_and_of_the_size_of_one():
    votes, uses = question(4)
    likely = np.log1p(votes.probabilities.astype(float) / 1e-6)
    behind = likely - likely.max(axis=0)
    behind[0, -1] = 0
    for row, seen in enumerate(gather_evidence(votes, uses, FEATURES)):
        expected = np.array([*likely[row], *behind[row], np.log1p(uses[row]), *FEATURES])
        assert seen == pytest.approx(expected / 5, rel=1e-4, abs=1e-6)


def test_the_network_is_a_weighted_sum_and_two_rectified_layers():
    seen = RANDOM.standard_normal((3, EVIDENCE))
    total, first, first_bias, second, second_bias, last, last_bias = (w.astype(float) for w in NETWORK.weights)
    for row, logit in zip(seen, NETWORK.logits(seen), strict=True):
        layer = [max(0, sum(row * first[:, unit]) + first_bias[unit]) for unit in range(HIDDEN)]
        layer = [max(0, sum(layer * second[:, unit]) + second_bias[unit]) for unit in range(HIDDEN)]
        assert logit == pytest.approx(sum(row[: len(Branch)] * total) + sum(layer * last[:, 0]) + last_bias[0])


def test_what_is_ranked_is_a_distribution_in_the_order_of_the_logits():
    votes, uses = question(200)
    ranked = NETWORK.rank(votes, uses, FEATURES)
    assert ranked.sum() == pytest.approx(1, rel=1e-5)
    assert (np.argsort(ranked) == np.argsort(NETWORK.logits(gather_evidence(votes, uses, FEATURES)))).all()


def test_an_untrained_network_is_the_geometric_mean_of_the_branches():
    votes, uses = question(50)
    means = np.exp(np.log(votes.probabilities[1:].astype(float)).mean(axis=1))
    assert Network.untrained().rank(votes, uses, FEATURES)[1:] == pytest.approx(means / means.sum(), rel=0.02)


def test_nothing_votes_is_ranked_as_nothing():
    nothing = Votes(np.arange(0), np.zeros(0, dtype=bool), np.zeros((0, len(Branch)), dtype=np.float32))
    assert NETWORK.rank(nothing, np.zeros(0, dtype=np.float32), FEATURES).shape == (0,)


def test_a_saved_ranker_is_read_back(tmp_path):
    Ranker(NETWORK, Network.untrained()).save(tmp_path)
    votes, uses = question(50)
    assert (Ranker.load(tmp_path).songs.rank(votes, uses, FEATURES) == NETWORK.rank(votes, uses, FEATURES)).all()
    with pytest.raises(ModelMissing, match="ranker"):
        Ranker.load(tmp_path / "none")
