"""The sampler of negatives knows how likely each item is to be a candidate."""

import numpy as np
import pytest

from training.recommender.negatives import NegativeSampler


def test_the_chance_of_a_candidate_is_what_is_drawn():
    counts = np.array([1.0, 4.0, 100.0, 9.0])
    sampler, random = NegativeSampler(counts, draws=3), np.random.default_rng(0)
    seen = np.zeros(4)
    for _ in range(4_000):
        columns, _ = sampler.candidates(random.choice(4, 2, p=counts / counts.sum()), random)
        seen[columns] += 1
    columns, odds = sampler.candidates(np.array([0, 1]), random)
    assert np.exp(odds)[:2] == pytest.approx(seen[:2] / 4_000, abs=0.03)
