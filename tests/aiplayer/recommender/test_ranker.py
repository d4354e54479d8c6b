"""The ranker's network on made-up evidence, against the formula written out."""

import numpy as np
import pytest

from aiplayer.errors import ModelMissing
from aiplayer.recommender.questions import BRANCHES, FEATURES, Said
from aiplayer.recommender.ranker import EVIDENCE, HIDDEN, Network, Ranker, evidence

RANDOM = np.random.default_rng(0)
SHAPES = (len(BRANCHES),), (EVIDENCE, HIDDEN), (HIDDEN,), (HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN, 1), (1,)
NETWORK = Network([RANDOM.standard_normal(shape).astype(np.float32) for shape in SHAPES])
ASKED = RANDOM.random(len(FEATURES)).astype(np.float32)


def question(columns):
    """What the branches say of that many columns, and their uses; the last branch is silent about the first."""
    probabilities = RANDOM.dirichlet(np.ones(columns), size=len(BRANCHES)).T.astype(np.float32)
    probabilities[0, -1] = 0
    said = Said(np.arange(columns), np.zeros(columns, dtype=bool), probabilities)
    return said, RANDOM.integers(1, 50, columns).astype(np.float32)


def test_evidence_is_logarithmic_and_of_the_size_of_one():
    said, uses = question(4)
    likely = np.log1p(said.probabilities.astype(float) / 1e-6)
    behind = likely - likely.max(axis=0)
    behind[0, -1] = 0
    for row, seen in enumerate(evidence(said, uses, ASKED)):
        expected = np.array([*likely[row], *behind[row], np.log1p(uses[row]), *ASKED])
        assert seen == pytest.approx(expected / 5, rel=1e-4, abs=1e-6)


def test_the_network_is_a_weighted_sum_and_two_rectified_layers():
    seen = RANDOM.standard_normal((3, EVIDENCE))
    total, first, first_bias, second, second_bias, last, last_bias = (w.astype(float) for w in NETWORK.weights)
    for row, logit in zip(seen, NETWORK.logits(seen), strict=True):
        layer = [max(0, sum(row * first[:, unit]) + first_bias[unit]) for unit in range(HIDDEN)]
        layer = [max(0, sum(layer * second[:, unit]) + second_bias[unit]) for unit in range(HIDDEN)]
        assert logit == pytest.approx(sum(row[: len(BRANCHES)] * total) + sum(layer * last[:, 0]) + last_bias[0])


def test_what_is_ranked_is_a_distribution_in_the_order_of_the_logits():
    said, uses = question(200)
    ranked = NETWORK.rank(said, uses, ASKED)
    assert ranked.sum() == pytest.approx(1, rel=1e-5)
    assert (np.argsort(ranked) == np.argsort(NETWORK.logits(evidence(said, uses, ASKED)))).all()


def test_an_untrained_network_is_the_geometric_mean_of_the_branches():
    said, uses = question(50)
    means = np.exp(np.log(said.probabilities[1:].astype(float)).mean(axis=1))
    assert Network.untrained().rank(said, uses, ASKED)[1:] == pytest.approx(means / means.sum(), rel=0.02)


def test_nothing_said_is_ranked_as_nothing():
    nothing = Said(np.arange(0), np.zeros(0, dtype=bool), np.zeros((0, len(BRANCHES)), dtype=np.float32))
    assert NETWORK.rank(nothing, np.zeros(0, dtype=np.float32), ASKED).shape == (0,)


def test_a_saved_ranker_is_read_back(tmp_path):
    Ranker(NETWORK, Network.untrained()).save(tmp_path)
    said, uses = question(50)
    assert (Ranker.load(tmp_path).songs.rank(said, uses, ASKED) == NETWORK.rank(said, uses, ASKED)).all()
    with pytest.raises(ModelMissing, match="ranker"):
        Ranker.load(tmp_path / "none")
